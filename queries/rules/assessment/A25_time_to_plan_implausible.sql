/*---
id: A25
severity: query
affects: figures
title: Time from request to plan is implausible
message: The time from the request to the plan is less than 28 days, or more than 730 days.
guidance: >
  A plan can hardly be made in less than four weeks, and seldom takes two years. Usually another date of the case was
  entered as the received date, or a year was mistyped. Correct the wrong date. If both dates are right, leave them and
  explain it in a note.
module: assessment
table: assessment
fields: [AssessmentOutcomeDate]
years: [2023, null]
source: Logic check
---*/
-- Only an assessment with outcome Y has an issue date. A07 reports an issue before the request.
select
    person_id,
    'assessment' as table_name,
    assessment_id as row_id,
    'AssessmentOutcomeDate' as field,
    assessment_outcome_date_text as value,
    days_from(received_date, issue_date) || ' days after ' || uk_date(received_date) as detail
from request_journey
where days_from(received_date, issue_date) between 0 and 27 or days_from(received_date, issue_date) > 730
order by all
