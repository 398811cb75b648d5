/*---
id: plans_in_year
place: 34
title: 'EHCP total: plans active at any point in the year'
unit: plans
group: plans
definition: Plans that were open when the collection year began or that started in it, whether or not they have ceased
  since. Plans transferred in count. A plan without a start date does not count.
base: plans active at any point in the collection year
age_at: aug31
published_as: null
is_count: true
note: Not one of the DfE's figures. It is the first part of the picture of the plans of the year.
source: 'NCER Nexus, Insight SEN2 Cohort page'
---*/
select
    person_id,
    'namedplan' as table_name,
    namedplan_id as row_id,
    true as in_denominator,
    true as in_numerator
from plan_movement
where came in ('before', 'new', 'transferred_in', 'historical')
order by all
