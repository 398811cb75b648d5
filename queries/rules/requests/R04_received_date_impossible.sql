/*---
id: R04
severity: error
affects: figures
title: Received date impossible
message: The request was received after census day, or before the person was born.
guidance: >
  Either the received date or the date of birth is wrong: usually a year was mistyped, the day and month were swapped,
  or a request came in after census day and belongs in the next return. Check both dates in the case record. Remove a
  request that was received after census day.
module: requests
table: requests
fields: [ReceivedDate]
years: [2023, null]
source: Logic check
---*/
select
    person_id,
    'requests' as table_name,
    requests_id as row_id,
    'ReceivedDate' as field,
    received_date_text as value,
    if(received_date > $census_date, 'after census day', 'born ' || uk_date(birth_date)) as detail
from request_journey
where received_date > $census_date or received_date < birth_date
order by all
