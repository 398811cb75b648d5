/*---
id: N44
severity: info
affects: record
title: Residential setting of plan and placement differ
message: The residential code of the plan is not the same as that of the primary placement on census day.
guidance: >
  PlanRes says what the plan names, and RES what the person attends. They are normally the same. Usually one of the two
  was not filled in or not updated. Correct the one that is out of date. If the person attends something other than what
  the plan names, the DfE does not ask about this.
module: namedplan
table: namedplan
fields: [PlanRes]
years: [2024, null]
source: Supplier guidance
---*/
select
    j.person_id,
    'namedplan' as table_name,
    j.namedplan_id as row_id,
    'PlanRes' as field,
    j.plan_res as value,
    'placement ' || coalesce(f.res, 'blank') as detail
from request_journey as j
inner join first_placement as f on j.requests_id = f.requests_id
where j.is_active and j.plan_res is distinct from f.res
order by all
