/*---
id: T08
severity: query
affects: matching
title: Person's details changed since last year
message: The plan start date, date of birth, UPN or sex of this person differs from last year's return.
guidance: >
  The person was matched with last year's return by UPN, by ULN, or by names and date of birth. These details rarely
  change: StartDate stays the date on which the plan was first issued, even if the plan is amended. Usually there is a
  typing mistake in one of the two years, or two people share an identifier. Correct it here if last year was right. If
  last year's value was the wrong one, or a temporary UPN has been replaced, leave it and explain it in a note.
module: whole_return
table: person
fields: [StartDate, PersonBirthDate, UPN, Sex]
years: [2023, null]
source: Logic check
needs: last_year
---*/
with detail_pair as (
    select
        s.person_id,
        unnest(['PersonBirthDate', 'UPN', 'Sex']) as field,
        unnest([cast(n.person_birth_date as varchar), n.upn, n.sex]) as value,
        unnest([cast(p.person_birth_date as varchar), p.upn, p.sex]) as earlier
    from same_person as s
    inner join person as n on s.person_id = n.row_id
    inner join previous.person as p on s.previous_person_id = p.row_id
),

moved_plan as (
    select
        person_id,
        start_date,
        min(previous_start_date) as previous_start_date
    from same_plan
    group by person_id, namedplan_id, start_date
    having bool_and(start_date <> previous_start_date)
)

-- If several persons were matched, a value that one of them has is not a change.
select
    person_id,
    'person' as table_name,
    person_id as row_id,
    field,
    value,
    'last year ' || if(
        field = 'PersonBirthDate', uk_date(cast(min(earlier) as date)), min(earlier)
    ) as detail
from detail_pair
group by person_id, field, value
having bool_and(value <> earlier)
union all
select
    person_id,
    'person' as table_name,
    person_id as row_id,
    'StartDate' as field,
    cast(min(start_date) as varchar) as value,
    'last year ' || uk_date(arg_min(previous_start_date, start_date)) as detail
from moved_plan
group by person_id
order by all
