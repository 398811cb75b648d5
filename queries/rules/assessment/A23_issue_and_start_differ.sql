/*---
id: A23
severity: query
affects: figures
title: Date of issue and plan start date differ
message: The plan was issued on one day and starts on another.
guidance: >
  The start date of a plan is the day on which it was first issued, so the two dates should be the same. Usually one was
  mistyped, or the date of the draft or of an amended plan was entered. Correct the one that is wrong. If the dates are
  right, leave them and explain it in a note.
module: assessment
table: assessment
fields: [AssessmentOutcomeDate, StartDate]
years: [2023, null]
source: DfE specification 2025, 2.3
---*/
select
    person_id,
    'assessment' as table_name,
    assessment_id as row_id,
    'AssessmentOutcomeDate' as field,
    assessment_outcome_date_text as value,
    'plan started ' || uk_date(start_date) as detail
from request_journey
where assessment_outcome = 'Y' and assessment_outcome_date != start_date
order by all
