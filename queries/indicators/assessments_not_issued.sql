/*---
id: assessments_not_issued
place: 9
title: 'Assessments: decided not to issue'
unit: assessments
group: assessments
definition: Assessments completed in the year after which the authority decided not to issue a plan.
base: assessments decided in the collection year
age_at: ReceivedDate
published_as: assessments/plan_not_issued
is_count: false
note: null
source: 'DfE, Education, health and care plans: data guidance 2025'
---*/
select
    person_id,
    'assessment' as table_name,
    assessment_id as row_id,
    true as in_denominator,
    assessment_outcome = 'N' as in_numerator
from assessment_completed
order by all
