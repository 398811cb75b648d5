/*---
id: A10
severity: error
affects: figures
title: Several undecided assessments for one person
message: The person has more than one assessment that is not yet decided (A).
guidance: >
  A person can be in only one assessment at a time. All open assessments of the person are listed. Usually one
  assessment was entered twice, or an older one ended and was never closed. Remove the duplicate, or record the outcome
  of the older assessment.
module: assessment
table: assessment
fields: [AssessmentOutcome]
years: [2023, null]
source: DfE specification 2025, 2.3, which makes it an error
---*/
select
    person_id,
    'assessment' as table_name,
    row_id,
    'AssessmentOutcome' as field,
    assessment_outcome as value,
    null as detail
from assessment
where is_undecided(assessment_outcome)
qualify count(*) over (partition by person_id) > 1
order by all
