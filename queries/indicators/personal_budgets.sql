/*---
id: personal_budgets
place: 27
title: Personal budgets
unit: people
group: plans
definition: People in the caseload whose plan says that a personal budget was taken up.
base: 'people in the caseload: one active plan for each person'
age_at: aug31
published_as: personal_budgets/Total
is_count: false
note: null
source: 'DfE, Education, health and care plans: data guidance 2025'
---*/
select
    person_id,
    'namedplan' as table_name,
    namedplan_id as row_id,
    true as in_denominator,
    pb as in_numerator
from caseload
order by all
