/*---
id: A02
severity: error
affects: figures
title: Date of the decision not to issue is missing
message: The authority decided not to issue a plan, but the date of that decision is missing.
guidance: >
  The date is the day on which the person was told that no plan will be issued. It decides the year in which the
  decision is counted. Usually the letter was sent but the date was not entered. Enter the date in the case record.
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
    null as value,
    'outcome ' || assessment_outcome as detail
from assessment
where assessment_outcome = 'N' and assessment_outcome_date_text is null
order by all
