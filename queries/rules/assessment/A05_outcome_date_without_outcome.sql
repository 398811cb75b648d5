/*---
id: A05
severity: error
title: Outcome date without an outcome
message: The assessment has an outcome date but no outcome.
guidance: >
  A date says that a decision was made, but the return does not say which. Usually the outcome was not entered, or its
  local code is not mapped in the export. Enter the outcome; if nothing has been decided, it is A, without a date.
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
