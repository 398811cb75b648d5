/*---
id: A09
severity: query
affects: figures
title: 'Decision before the collection year: use H'
message: The decision on the plan was made before the collection year, but the outcome is not historical.
guidance: >
  An assessment that was decided before 1 January of the collection year has the outcome H, and is in the return only if
  there is a plan. Set the outcome to H, or remove an old refusal. If the date has the wrong year, correct it. If it
  belongs here as it is, say why in a note.
module: assessment
table: assessment
fields: [AssessmentOutcomeDate]
years: [2023, null]
source: DfE specification 2025, 2.3
---*/
select
    person_id,
    'assessment' as table_name,
    row_id,
    'AssessmentOutcomeDate' as field,
    assessment_outcome_date_text as value,
    'outcome ' || assessment_outcome as detail
from assessment
where assessment_outcome in ('Y', 'N') and assessment_outcome_date < $year_start
order by all
