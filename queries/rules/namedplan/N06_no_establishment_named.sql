/*---
id: N06
severity: error
affects: figures
title: No establishment named
message: "The plan names no establishment: it has no PlanDetail."
guidance: >
  Each plan needs at least one PlanDetail with the establishment, or the type of establishment, named in section I. Some
  case systems leave it out if the placement is the same as the one named, but the return needs it all the same. Record
  the establishment named in the plan.
module: namedplan
table: namedplan
fields: [PlanDetail]
years: [2023, null]
source: DfE specification 2025, 3.2.2
---*/
select
    person_id,
    'namedplan' as table_name,
    row_id,
    'PlanDetail' as field,
    null as value,
    null as detail
from namedplan
where row_id not in (select namedplan_id from plandetail)
order by all
