/*---
id: plans_ceased
place: 16
title: Plans ceased in the year
unit: plans
group: ceased
definition: Plans whose cease date lies in the collection year, for whatever reason.
base: plans that ceased in the collection year
age_at: CeaseDate
published_as: plans_ceased/Total
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
from ceased_plan
order by all
