/*---
id: work_based_learning
place: 29
title: Work-based learning
unit: people
group: plans
definition: People in the caseload whose current placement has work-based learning.
base: 'people in the caseload: one active plan for each person'
age_at: aug31
published_as: work_based_placements/Total
is_count: false
from_year: 2024
note: The current placement is the one open on census day under the plan, primary before secondary, then the latest.
  2023 returns record this on the plan, so it is not counted.
source: 'DfE, Education, health and care plans: data guidance 2025'
---*/
select
    person_id,
    'namedplan' as table_name,
    namedplan_id as row_id,
    true as in_denominator,
    wbp is not null as in_numerator
from caseload_placement
order by all
