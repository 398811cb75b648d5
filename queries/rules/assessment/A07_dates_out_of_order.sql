/*---
id: A07
severity: error
affects: figures
title: Assessment dates out of order
message: The assessment ended before the request was received, or before the decision to assess.
guidance: >
  The order is: request received, decision to assess, decision on the plan. Usually one date has the wrong year, or the
  dates of two requests of the person were mixed up. Check the three dates in the case record and correct the wrong one.
module: assessment
table: assessment
fields: [AssessmentOutcomeDate]
years: [2023, null]
source: Logic check
---*/
select
    person_id,
    'assessment' as table_name,
    assessment_id as row_id,
    'AssessmentOutcomeDate' as field,
    assessment_outcome_date_text as value,
    if(
        assessment_outcome_date < received_date,
        'received ' || uk_date(received_date),
        'decision to assess ' || uk_date(request_outcome_date)
    ) as detail
from request_journey
where
    assessment_outcome_date < received_date
    or (request_outcome = 'Y' and assessment_outcome_date < request_outcome_date)
order by all
