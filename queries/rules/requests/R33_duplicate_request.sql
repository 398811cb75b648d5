/*---
id: R33
severity: query
affects: figures
title: Duplicate request
message: The person has another request that was received on the same day.
guidance: >
  Each request is returned once. All requests of the person with this date are listed. Usually one request was entered
  or exported twice, for example once for each step of the case. Remove the duplicate, and keep its later modules under
  the request that stays. If there were two requests on one day, say so in a note.
module: requests
table: requests
fields: [ReceivedDate]
years: [2023, null]
source: DfE specification 2025, 2.2
---*/
select
    person_id,
    'requests' as table_name,
    row_id,
    'ReceivedDate' as field,
    received_date_text as value,
    'outcome ' || request_outcome as detail
from requests
where received_date is not null
qualify count(*) over (partition by person_id, received_date) > 1
order by all
