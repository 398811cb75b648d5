/*---
id: N43Q
severity: query
affects: figures
title: Placement module stands under another request
message: The ActivePlans group is not under the request of the plan, but under another one.
guidance: >
  Placements and needs belong under the request that led to the plan. Here the request of this plan has no ActivePlans
  group, and another request of the person has one. Usually the placements were recorded under a later request. Move the
  group. If they belong to another plan, leave it and explain it in a note.
module: namedplan
table: namedplan
fields: [ActivePlans]
years: [2023, null]
source: DfE specification 2025, 2.5
---*/
with journey as (
    select
        *,
        count(activeplans_id) over (partition by person_id) as n_active_plans
    from request_journey
)

select
    person_id,
    'namedplan' as table_name,
    namedplan_id as row_id,
    'ActivePlans' as field,
    null as value,
    if(is_active, 'active on census day', 'ceased ' || uk_date(cease_date)) as detail
from journey
where (is_active or cease_date >= $year_start) and activeplans_id is null and n_active_plans > 0
order by all
