/*---
id: R35
severity: query
affects: record
title: Over age at the request
message: The person was 25 or older when the request was received.
guidance: >
  An EHC needs assessment can be requested up to the 25th birthday. Usually the date of birth or the received date has
  the wrong year. Correct the one that is wrong. If both are right, leave them and explain it in a note.
module: requests
table: requests
fields: [ReceivedDate]
years: [2023, null]
source: Children and Families Act 2014
---*/
select
    person_id,
    'requests' as table_name,
    requests_id as row_id,
    'ReceivedDate' as field,
    received_date_text as value,
    'aged ' || age_at(birth_date, received_date) || ' when received' as detail
from request_journey
where age_at(birth_date, received_date) >= 25
order by all
