/*---
id: R02
severity: error
affects: figures
effect: "{n} request{s} cannot be counted in a year, because the date received is missing"
title: Received date missing
message: A request with a decision (Y or N) has no date on which it was received.
guidance: >
  The received date is day one of the 6-week and 20-week limits, and decides the year in which the request is counted.
  Usually it was left out when the decision was entered, or is in another field of the case system. Enter the date on
  which the authority received the request.
module: requests
table: requests
fields: [ReceivedDate]
years: [2023, null]
source: DfE specification 2025, 2.2 and 2.3
---*/
select
    person_id,
    'requests' as table_name,
    row_id,
    'ReceivedDate' as field,
    null as value,
    'outcome ' || request_outcome as detail
from requests
where received_date_text is null and request_outcome in ('Y', 'N')
order by all
