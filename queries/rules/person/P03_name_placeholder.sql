/*---
id: P03
severity: query
affects: matching
title: Name looks like a placeholder
message: A surname or forename contains a digit, is a single letter, or is a word such as UNKNOWN or TEST.
guidance: >
  Names like these are usually left from a record that was opened before the name was known, or from a test. Enter the
  legal name, or remove a test record from the return. You can leave a name that really is a single letter: say so in a
  note.
module: person
table: person
fields: [Surname, Forename]
years: [2023, null]
source: Logic check
---*/
with name as (
    select
        person_id,
        row_id,
        unnest(['Surname', 'Forename']) as field,
        unnest([surname, forename]) as value
    from person
)

select
    person_id,
    'person' as table_name,
    row_id,
    field,
    value,
    case
        when regexp_matches(value, '[0-9]') then 'contains a digit'
        when regexp_full_match(value, '\p{L}\p{M}*') then 'single letter'
        else 'placeholder'
    end as detail
from name
where
    regexp_matches(value, '[0-9]')
    or regexp_full_match(value, '\p{L}\p{M}*')
    or upper(value) in ('UNKNOWN', 'TEST', 'NONE', 'NA', 'N/A', 'XX', 'XXX')
order by all
