/*---
id: P32
severity: query
affects: matching
title: Possible duplicate person
message: Two or more people have the same surname, forename and date of birth.
guidance: >
  Each person should be in the return once, with all their requests together. Accents, capitals, spaces and punctuation
  make no difference here. Usually a second record was opened for a new request: merge the records in the case system.
  If they really are two people, leave it and say so in a note.
module: person
table: person
fields: [Surname, Forename, PersonBirthDate]
years: [2023, null]
source: DfE specification 2025, 2.1
---*/
with named as (
    select
        *,
        folded(surname) as surname_key,
        folded(forename) as forename_key
    from person
),

shared as (
    select
        surname_key,
        forename_key,
        person_birth_date,
        some_of(list(row_id order by row_id)) as people
    from named
    where surname_key is not null and forename_key is not null and person_birth_date is not null
    group by all
    having count(*) > 1
)

select
    n.person_id,
    'person' as table_name,
    n.row_id,
    'Surname' as field,
    n.surname as value,
    'persons ' || s.people as detail
from named as n
inner join shared as s
    on
        n.surname_key = s.surname_key
        and n.forename_key = s.forename_key
        and n.person_birth_date = s.person_birth_date
order by all
