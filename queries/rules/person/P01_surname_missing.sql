/*---
id: P01
severity: error
affects: matching
title: Surname missing
message: The person has no surname.
guidance: >
  Surname is required for everyone: the DfE uses it to match the person to other collections. Enter the legal surname in
  the case record. If a person has only one name, enter it as the surname.
module: person
table: person
fields: [Surname]
years: [2023, null]
source: DfE specification 2025, 2.1
---*/
select
    person_id,
    'person' as table_name,
    row_id,
    'Surname' as field,
    surname as value,
    cast(null as varchar) as detail
from person
where surname is null
order by all
