/*---
id: R03
severity: info
affects: figures
title: Received date not given (not required here, but the request cannot be counted in its year)
message: An open or withdrawn request (A or W) has no received date.
guidance: >
  The DfE does not require the date here, so you do not need to change this. Without it the request is missing from the
  number of requests received in the year, and nobody can see how long it has been waiting. Add the date if you have it.
module: requests
table: requests
fields: [ReceivedDate]
years: [2023, null]
source: DfE specification 2025, 2.2; DfE statistics 2026, counts of requests
---*/
select
    person_id,
    'requests' as table_name,
    row_id,
    'ReceivedDate' as field,
    null as value,
    'outcome ' || request_outcome as detail
from requests
where received_date_text is null and request_outcome in ('A', 'W')
order by all
