/*---
id: R09
severity: error
affects: figures
title: Outcome before the request
message: The request outcome date is before the date on which the request was received.
guidance: >
  The decision to assess cannot come before the request. Usually one of the two dates was mistyped, or the outcome
  of an earlier request was copied. Check both dates in the case record and correct the wrong one.
module: requests
table: requests
fields: [ReceivedDate, RequestOutcomeDate]
years: [2023, null]
source: Logic check
---*/
-- A missing or invalid date never fires here: R02 and R07 report absence, H21 a bad date.
select
    person_id,
    'requests' as table_name,
    row_id,
    'RequestOutcomeDate' as field,
    request_outcome_date_text as value,
    'received ' || uk_date(received_date) as detail
from requests
where request_outcome_date < received_date
order by all
