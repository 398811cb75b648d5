/*---
id: A27Q
severity: query
affects: figures
title: Assessment open for more than two years
message: On census day more than two years had passed since the request, and no plan had been issued or refused.
guidance: >
  This is about assessments that are not yet decided (A), and those with the outcome Y that have neither a date nor a
  plan. After two years the case has usually ended and was never closed, or the received date has the wrong year. Enter
  the outcome or correct the date. If it really is still open, leave it and say why in a note.
module: assessment
table: assessment
fields: [AssessmentOutcome]
years: [2023, null]
source: SEND Regulations 2014, regulation 13
---*/
select
    person_id,
    'assessment' as table_name,
    assessment_id as row_id,
    'AssessmentOutcome' as field,
    assessment_outcome as value,
    days_from(received_date, $census_date) || ' days on census day' as detail
from request_journey
where
    awaits_end(assessment_outcome, assessment_outcome_date_text, namedplan_id)
    and days_from(received_date, $census_date) > 730
order by all
