/*---
id: P12
severity: query
affects: record
title: Postcode missing
message: The person has no postcode.
guidance: >
  PostCode is the postcode of the home address on census day. Enter it in the case record. You can leave it blank for
  someone without a fixed address, or if giving it would put the person at risk: say so in a note.
module: person
table: person
fields: [PostCode]
years: [2023, null]
source: DfE specification 2025, 2.1
---*/
select
    person_id,
    'person' as table_name,
    row_id,
    'PostCode' as field,
    postcode as value,
    cast(null as varchar) as detail
from person
where postcode is null
order by all
