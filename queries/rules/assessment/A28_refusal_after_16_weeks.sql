/*---
id: A28
severity: info
affects: figures
title: Decision not to issue took more than 16 weeks
message: The decision not to issue a plan was made more than 16 weeks after the request.
guidance: >
  The limit is 16 weeks (112 days) from the day of the request. If the dates are right, you do not need to change
  anything. A very long time usually means that one of the two dates has the wrong year.
module: assessment
table: assessment
fields: [AssessmentOutcomeDate]
years: [2023, null]
source: SEND Regulations 2014, regulation 10
---*/
select
    person_id,
    'assessment' as table_name,
    assessment_id as row_id,
    'AssessmentOutcomeDate' as field,
    assessment_outcome_date_text as value,
    days_from(received_date, assessment_outcome_date) || ' days after ' || uk_date(received_date) as detail
from request_journey
where assessment_outcome = 'N' and days_from(received_date, assessment_outcome_date) > $sixteen_weeks_days
order by all
