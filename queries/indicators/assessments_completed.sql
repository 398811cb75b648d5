/*---
id: assessments_completed
place: 8
title: Assessments completed in the year
unit: assessments
group: assessments
definition: Assessments that were decided in the collection year, to issue a plan or not to.
base: assessments decided in the collection year
age_at: ReceivedDate
published_as: assessments/Total
is_count: true
note: The published total also holds a few outstanding and withdrawn cases.
source: 'DfE, Education, health and care plans: data guidance 2025'
---*/
select
    person_id,
    'assessment' as table_name,
    assessment_id as row_id,
    true as in_denominator,
    true as in_numerator
from assessment_completed
order by all
