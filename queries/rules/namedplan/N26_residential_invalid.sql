/*---
id: N26
severity: error
affects: record
title: Residential code invalid
message: The residential code of the plan is not A or B.
guidance: >
  PlanRes is A for a residential placement of 38 to 51 weeks or B for one of 52 weeks, as in the code list of the
  collection. Leave it out if the plan names no residential placement. Usually a yes/no value or a local code was sent.
  Send A, B or nothing.
module: namedplan
table: namedplan
fields: [PlanRes]
years: [2023, null]
source: DfE specification 2025, 2.4
---*/
select
    person_id,
    'namedplan' as table_name,
    row_id,
    'PlanRes' as field,
    plan_res as value,
    null as detail
from namedplan
where plan_res not in ('A', 'B')
order by all
