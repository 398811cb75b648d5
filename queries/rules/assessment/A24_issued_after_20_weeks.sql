/*---
id: A24
severity: info
affects: figures
title: Plan issued after 20 weeks
message: The plan was issued more than 20 weeks after the request, and no exception is recorded.
guidance: >
  The limit is 20 weeks from the day of the request. If the dates are right, you do not need to change anything. If one
  of the exceptions in the regulations applied, set Week20 to 1. A very long time usually means that a date has the
  wrong year.
module: assessment
table: assessment
fields: [AssessmentOutcomeDate]
years: [2023, null]
source: SEND Regulations 2014, regulation 13
---*/
-- Only an assessment with outcome Y has an issue date.
select
    person_id,
    'assessment' as table_name,
    assessment_id as row_id,
    'AssessmentOutcomeDate' as field,
    assessment_outcome_date_text as value,
    days_from(received_date, issue_date) || ' days after ' || uk_date(received_date) as detail
from request_journey
where week20 is not true and days_from(received_date, issue_date) > $twenty_weeks_days
order by all
