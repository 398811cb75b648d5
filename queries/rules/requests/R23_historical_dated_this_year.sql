/*---
id: R23
severity: query
affects: figures
title: Request dated in the collection year is not historical
message: The request is historical, but one of its dates is in the collection year or later.
guidance: >
  H is for decisions made before the collection year. A request that was received or decided since 1 January of that
  year must show its real outcome. Usually H was set for a plan that transferred in, or a date was mistyped. Correct the
  outcome or the date. If it is right, explain it in a note.
module: requests
table: requests
fields: [RequestOutcome]
years: [2023, null]
source: DfE specification 2025, 2.2
---*/
select
    person_id,
    'requests' as table_name,
    row_id,
    'RequestOutcome' as field,
    request_outcome as value,
    concat_ws(
        ', ', 'received ' || uk_date(received_date),
        'decided ' || uk_date(request_outcome_date)
    ) as detail
from requests
where request_outcome = 'H' and (received_date >= $year_start or request_outcome_date >= $year_start)
order by all
