/*---
id: R12
severity: error
affects: record
title: Source of request invalid
message: The source of the request is not one of the codes 1 to 5.
guidance: >
  The codes are 1 (young person or parent), 2 (school or other education setting), 3 (health care professional), 4
  (social care professional) and 5 (other). Usually a local code or a word is not mapped in the export. Correct the
  mapping or the entry.
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
    request_source as value,
    null as detail
from requests
where
    request_source is not null
    and request_source not in (select c.code from code as c where c.code_set = 'CS124')
order by all
