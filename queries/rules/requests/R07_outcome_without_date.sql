/*---
id: R07
severity: error
affects: figures
title: Outcome without a date
message: The request has a decision (Y or N) but no date for it.
guidance: >
  The date is the day on which the requester was told whether there will be an assessment. It is used to measure the
  6-week limit. Usually the letter was sent but the date was not entered. Enter the date of the decision in the case
  record.
module: requests
table: requests
fields: [RequestOutcomeDate]
years: [2023, null]
source: DfE specification 2025, 2.2, which makes it an error
---*/
select
    person_id,
    'requests' as table_name,
    row_id,
    'RequestOutcomeDate' as field,
    null as value,
    'outcome ' || request_outcome as detail
from requests
where request_outcome_date_text is null and request_outcome in ('Y', 'N')
order by all
