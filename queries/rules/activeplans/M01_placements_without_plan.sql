/*---
id: M01
severity: error
affects: figures
title: Placements without a plan
message: There are placements, needs or reviews under a request that has no plan.
guidance: >
  Placements, needs and annual reviews are returned for a person with an EHC plan. Here the request has an ActivePlans
  group but no NamedPlan. Usually the plan is under another request of the person, or was left out of the extract. Add
  the plan to this request, or move or remove its ActivePlans group.
module: activeplans
table: activeplans
fields: [ActivePlans]
years: [2023, null]
source: DfE specification 2025, 1.3.8
---*/
select
    person_id,
    'activeplans' as table_name,
    activeplans_id as row_id,
    'ActivePlans' as field,
    null as value,
    null as detail
from request_journey
where
    activeplans_id is not null
    and namedplan_id is null
order by all
