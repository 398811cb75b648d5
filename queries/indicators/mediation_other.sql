/*---
id: mediation_other
place: 21
title: Assessments with other mediation
unit: assessments
group: mediation and tribunal
definition: Assessments completed in the year with mediation about anything else, such as the content of the plan.
base: assessments decided in the collection year
age_at: ReceivedDate
published_as: mediation/other
is_count: false
note: null
source: 'DfE, Education, health and care plans: data guidance 2025'
---*/
select
    person_id,
    'assessment' as table_name,
    assessment_id as row_id,
    true as in_denominator,
    other_mediation as in_numerator
from assessment_completed
order by all
