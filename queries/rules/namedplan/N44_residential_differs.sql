/*---
id: N44
severity: info
title: Residential setting of plan and placement differ
message: The residential code of the plan is not that of the primary placement on census day.
guidance: >
  PlanRes says what the plan names, RES what the person attends; as a rule both are the same. Usually one of the two
  was not filled in or not brought up to date. Correct the one that is out of date; the DfE does not ask about this
  where the person attends something else than the plan names.
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
