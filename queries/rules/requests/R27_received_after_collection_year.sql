/*---
id: R27
severity: info
affects: figures
title: 'Received after the collection year: not counted as received in the year'
message: The request was received between the end of the collection year and census day.
guidance: >
  You do not need to change anything. The request belongs in the return because it arrived before census day, but it is
  not counted among the requests received in the collection year. It will count next year.
module: requests
table: requests
fields: [ReceivedDate]
years: [2023, null]
source: DfE specification 2025, 1.2
---*/
select
    person_id,
    'requests' as table_name,
    row_id,
    'ReceivedDate' as field,
    received_date_text as value,
    'outcome ' || request_outcome as detail
from requests
where received_date > $year_end and received_date <= $census_date
order by all
