/*---
id: caseload
place: 1
title: EHC plans on census day
unit: people
group: plans
definition: People with a plan that had started by census day and had not ceased by then. Of several active plans
  the one that started last counts.
base: 'people in the caseload: one active plan for each person'
age_at: aug31
published_as: ehc_plans/Total
is_count: true
note: Age is on 31 August before census day; that of the published figures is not stated.
source: 'DfE, Education, health and care plans: data guidance 2025'
---*/
select
    person_id,
    'namedplan' as table_name,
    namedplan_id as row_id,
    true as in_denominator,
    true as in_numerator
from caseload
order by all
