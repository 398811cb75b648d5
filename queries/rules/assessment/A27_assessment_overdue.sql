/*---
id: A27
severity: info
affects: figures
title: Assessment overdue on census day
message: On census day more than 20 weeks had passed since the request, and no plan had been issued or refused.
guidance: >
  This is about assessments that are not yet decided (A), and those with the outcome Y that have neither a date nor a
  plan. If the assessment really is overdue, the return is right and you do not need to change it. If the plan had been
  issued or refused by census day, enter the outcome, its date and the plan.
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
    and days_from(received_date, $census_date) > $twenty_weeks_days
    and days_from(received_date, $census_date) <= 730
order by all
