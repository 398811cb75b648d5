/*---
id: tribunal_assessment
place: 20
title: Assessments with a tribunal
unit: assessments
group: mediation and tribunal
definition: Assessments completed in the year with a tribunal about the decision to issue a plan.
base: assessments decided in the collection year
age_at: ReceivedDate
published_as: tribunal/assessment_decision
is_count: false
note: null
source: 'DfE, Education, health and care plans: data guidance 2025'
---*/
select
    person_id,
    'assessment' as table_name,
    assessment_id as row_id,
    true as in_denominator,
    assessment_tribunal as in_numerator
from assessment_completed
order by all
