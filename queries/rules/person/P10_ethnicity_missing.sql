/*---
id: P10
severity: query
affects: record
title: Ethnicity missing
message: The person has no ethnicity code.
guidance: >
  Enter the ethnicity that the person or the parents gave. Use REFU if they refused, and NOBT if it has not been
  obtained yet: one of the codes always fits, so you never need to leave this blank.
module: person
table: person
fields: [Ethnicity]
years: [2023, null]
source: DfE specification 2025, 2.1
---*/
select
    person_id,
    'person' as table_name,
    row_id,
    'Ethnicity' as field,
    ethnicity as value,
    cast(null as varchar) as detail
from person
where ethnicity is null
order by all
