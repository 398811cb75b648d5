/*---
id: A20
severity: query
affects: figures
title: Use H for plans that started before the collection year
message: The plan started before the collection year, but its assessment is not historical.
guidance: >
  If the plan started before the collection year, the DfE wants only the code H for the assessment. Usually the old
  outcome was exported unchanged, or the start date is wrong. Set the outcome to H, or correct the start date. If the
  codes are right as they are, explain it in a note.
module: assessment
table: assessment
fields: [AssessmentOutcome]
years: [2023, null]
source: DfE specification 2025, 2.3
---*/
select
    person_id,
    'assessment' as table_name,
    assessment_id as row_id,
    'AssessmentOutcome' as field,
    assessment_outcome as value,
    'plan started ' || uk_date(start_date) as detail
from request_journey
where start_date < $year_start and assessment_outcome is distinct from 'H'
order by all
