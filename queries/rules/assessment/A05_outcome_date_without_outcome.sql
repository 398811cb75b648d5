/*---
id: A05
severity: error
affects: figures
title: Outcome date without an outcome
message: The assessment has an outcome date but no outcome.
guidance: >
  The date means that a decision was made, but the return does not say which one. Usually the outcome was not entered,
  or its local code is not mapped in the export. Enter the outcome. If nothing has been decided, enter A and remove the
  date.
module: assessment
table: assessment
fields: [AssessmentOutcomeDate]
years: [2023, null]
source: Logic check
---*/
select
    person_id,
    'assessment' as table_name,
    row_id,
    'AssessmentOutcomeDate' as field,
    assessment_outcome_date_text as value,
    null as detail
from assessment
where assessment_outcome_date_text is not null and assessment_outcome is null
order by all
