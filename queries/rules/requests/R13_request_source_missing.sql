/*---
id: R13
severity: {2025: info, 2026: error}
affects: record
title: Source of request missing (voluntary in 2025, mandatory from 2026)
message: A decided request that was received in the collection year has no source.
guidance: >
  The source of the request was voluntary in the 2025 return and is mandatory from 2026. The return asks for it if the
  request was received in the collection year and its outcome is Y or N. Take it from the request form: 1 (young person
  or parent), 2 (education setting), 3 (health), 4 (social care) or 5 (other).
module: requests
table: requests
fields: [RequestSource]
years: [2025, null]
source: DfE specification 2025, 1.6.2
---*/
select
    person_id,
    'requests' as table_name,
    row_id,
    'RequestSource' as field,
    null as value,
    'received ' || uk_date(received_date) as detail
from requests
where
    request_source is null
    and request_outcome in ('Y', 'N')
    and is_within(received_date, $year_start, $year_end)
order by all
