/*---
id: new_plans
place: 11
title: New plans in the year
unit: plans
group: plans
definition: Plans that started in the collection year, without those decided before it (outcome H) and those transferred
  in from another authority.
base: plans that started in the collection year
age_at: StartDate
published_as: new_plans/Total
is_count: true
note: null
source: 'DfE, Education, health and care plans: data guidance 2025'
---*/
select
    person_id,
    'namedplan' as table_name,
    namedplan_id as row_id,
    true as in_denominator,
    true as in_numerator
from new_plan
order by all
