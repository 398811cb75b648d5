/*---
id: N07
severity: error
affects: record
title: More than two establishments named
message: The plan names more than two establishments.
guidance: >
  The return takes at most two establishments for a plan. Usually establishments from earlier versions of the plan were
  kept. If the plan really names more, return the two that the person attends most in a typical week or term. Leave the
  primary one (rank 1) and at most one secondary one (rank 2).
module: namedplan
table: namedplan
fields: [PlanDetail]
years: [2023, null]
source: DfE specification 2025, 2.4
---*/
select
    person_id,
    'namedplan' as table_name,
    namedplan_id as row_id,
    'PlanDetail' as field,
    null as value,
    count(*) || ' PlanDetail groups' as detail
from plandetail
group by person_id, namedplan_id
having count(*) > 2
order by all
