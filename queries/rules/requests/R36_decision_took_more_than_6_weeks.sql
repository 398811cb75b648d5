/*---
id: R36
severity: info
affects: figures
title: Decision to assess took more than 6 weeks
message: The decision whether to assess was made more than 6 weeks after the request.
guidance: >
  The limit is 6 weeks (42 days) from the day of the request. If the dates are right, you do not need to change
  anything. A very long time usually means that one of the two dates has the wrong year.
module: requests
table: requests
fields: [RequestOutcomeDate]
years: [2023, null]
source: SEND Regulations 2014, regulation 5
---*/
select
    person_id,
    'requests' as table_name,
    row_id,
    'RequestOutcomeDate' as field,
    request_outcome_date_text as value,
    days_from(received_date, request_outcome_date) || ' days after '
    || uk_date(received_date) as detail
from requests
where request_outcome in ('Y', 'N') and days_from(received_date, request_outcome_date) > $six_weeks_days
order by all
