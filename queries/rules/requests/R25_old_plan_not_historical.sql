/*---
id: R25
severity: query
affects: figures
title: Use H for plans that started before the collection year
message: The plan started before the collection year, but its request is not historical.
guidance: >
  If the plan started before the collection year, the DfE wants only the code H for the request. Usually the old outcome
  was exported unchanged, or the start date is wrong. Set the request outcome to H, or correct the start date. If the
  codes are right as they are, explain it in a note.
module: requests
table: requests
fields: [RequestOutcome]
years: [2023, null]
source: DfE specification 2025, 2.2
---*/
select
    person_id,
    'requests' as table_name,
    requests_id as row_id,
    'RequestOutcome' as field,
    request_outcome as value,
    'plan started ' || uk_date(start_date) as detail
from request_journey
where start_date < $year_start and request_outcome is distinct from 'H'
order by all
