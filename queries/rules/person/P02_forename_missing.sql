/*---
id: P02
severity: error
affects: matching
title: Forename missing
message: The person has no forename.
guidance: >
  Forename is required for everyone: the DfE uses it to match the person to other collections. Enter the legal
  forename in the case record.
module: person
table: person
fields: [Forename]
years: [2023, null]
source: DfE specification 2025, 2.1
---*/
select
    person_id,
    'person' as table_name,
    row_id,
    'Forename' as field,
    forename as value,
    cast(null as varchar) as detail
from person
where forename is null
order by all
