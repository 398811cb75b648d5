/*---
id: H20
severity: error
affects: figures
title: The return contains no people
message: The return contains no people.
guidance: >
  There is no Person in the Persons group. Usually the export ran with a filter or a date range that leaves everyone
  out, or on an empty test system. Check the export settings and export again.
module: header
table: header
fields: [Persons]
years: [2023, null]
source: DfE specification 2025, 3.2
---*/
select
    person_id,
    'header' as table_name,
    row_id,
    'Persons' as field,
    cast(null as varchar) as value,
    cast(null as varchar) as detail
from header
where not exists (from person)
order by all
