/*---
id: T08
severity: query
title: Person's details changed since last year
message: The plan start date, birth date, UPN or sex of this person differs from last year's return.
guidance: >
  The person was matched with last year's return by UPN, by ULN, or by names and birth date. These details rarely
  change: StartDate stays the date on which the plan was first issued, also when the plan is amended. Usually one of
  the two years holds a slip, or two people share an identifier. Correct it here where last year was right. Leave it
  where last year's value was the wrong one or a temporary UPN has been replaced, and explain it in a note.
module: whole_return
table: person
fields: [StartDate, PersonBirthDate, UPN, Sex]
years: [2023, null]
source: common sense
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

pair as (
    from detail_pair
    union all
    select
        person_id,
        'StartDate' as field,
        cast(start_date as varchar) as value,
        cast(previous_start_date as varchar) as earlier
    from same_plan
)

-- Where last year's return holds the person more than once, a value that one of them has is no change.
select
    person_id,
    'person' as table_name,
    person_id as row_id,
    field,
    value,
    'last year ' || if(
        field in ('UPN', 'Sex'), min(earlier), uk_date(cast(min(earlier) as date))
    ) as detail
from pair
group by person_id, field, value
having bool_and(value <> earlier)
order by all
