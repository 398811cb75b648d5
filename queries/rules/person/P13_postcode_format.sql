/*---
id: P13
severity: query
affects: format
title: Postcode format
message: The postcode does not have the form of a UK postcode.
guidance: >
  A postcode has an outward and an inward part, such as SW1A 1AA, with or without one space between them. Usual causes
  are the letter O for the digit 0, the letter I for the digit 1, a missing character, or a placeholder such as ZZ99
  3VZ. Correct it in the case record. Leave a placeholder only if the address is not known, and say so in a note.
module: person
table: person
fields: [PostCode]
years: [2023, null]
source: DfE specification 2025, 3.2.2
---*/
select
    person_id,
    'person' as table_name,
    row_id,
    'PostCode' as field,
    postcode as value,
    cast(null as varchar) as detail
from person
where not has_postcode_form(postcode)
order by all
