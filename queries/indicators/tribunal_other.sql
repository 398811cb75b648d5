/*---
id: tribunal_other
place: 22
title: Assessments with another tribunal
unit: assessments
group: mediation and tribunal
definition: Assessments completed in the year with a tribunal about anything else, such as the content of the plan.
base: assessments decided in the collection year
age_at: ReceivedDate
published_as: tribunal/other
is_count: false
note: null
source: 'DfE, Education, health and care plans: data guidance 2025'
---*/
select
    person_id,
    'assessment' as table_name,
    assessment_id as row_id,
    true as in_denominator,
    other_tribunal as in_numerator
from assessment_completed
order by all
