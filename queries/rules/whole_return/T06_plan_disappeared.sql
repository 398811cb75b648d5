/*---
id: T06
severity: query
affects: figures
title: Plan of last year has disappeared
message: A person whose plan was active in last year's return has neither an active nor a ceased plan in this one.
guidance: >
  A plan that was active last year is either still active or has ended since, and then this return should say when and
  why. Usually the record was closed with an older date, the person was left out of the extract, or the UPN and the date
  of birth both changed so that the two records could not be matched. Use the number shown to find the person in last
  year's return, and add the plan with its cease date and reason, or explain it in a note.
module: whole_return
table: return
fields: [NamedPlan]
years: [2023, null]
source: Logic check
needs: last_year
---*/
with kept as (
    select distinct s.previous_person_id
    from same_person as s
    inner join request_journey as j on s.person_id = j.person_id
    where j.is_active or j.has_ceased
),

present as (
    select
        previous_person_id,
        min(person_id) as person_id
    from same_person
    group by previous_person_id
)

select
    null as person_id,
    'return' as table_name,
    null as row_id,
    'NamedPlan' as field,
    null as value,
    'person ' || p.row_id || coalesce(' (UPN ' || p.upn || ')', '') || ' of last year''s return'
    || coalesce(', person ' || n.person_id || ' of this one', ', not in this one') as detail
from previous.person as p
left join present as n on p.row_id = n.previous_person_id
where
    p.row_id in (select person_id from previous_journey where is_active)
    and p.row_id not in (select previous_person_id from kept)
order by all
