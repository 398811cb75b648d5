/*---
id: N43
severity: error
affects: figures
title: Placement module missing
message: The plan was active in the period, but the person has no ActivePlans group.
guidance: >
  A plan that is active on census day, or ceased in the collection year or later, needs an ActivePlans group with
  placements and needs. Usually the module was not filled in for plans that ceased in the year, or the export left it
  out. Record the placements, needs and reviews under the request of the plan.
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
where (is_active or cease_date >= $year_start) and n_active_plans = 0
order by all
