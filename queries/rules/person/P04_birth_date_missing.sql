/*---
id: P04
severity: error
affects: matching
effect: "{n} record{s} will be missing from the tables by age"
title: Date of birth missing
message: The person has no date of birth.
guidance: >
  PersonBirthDate is required for everyone: every age in the return, and the match to other collections, depends on
  it. Enter the date of birth in the case record as ccyy-mm-dd.
module: person
table: person
fields: [PersonBirthDate]
years: [2023, null]
source: DfE specification 2025, 2.1
---*/
-- A date that cannot be read is present: H21 reports it.
select
    person_id,
    'person' as table_name,
    row_id,
    'PersonBirthDate' as field,
    person_birth_date_text as value,
    cast(null as varchar) as detail
from person
where person_birth_date_text is null
order by all
