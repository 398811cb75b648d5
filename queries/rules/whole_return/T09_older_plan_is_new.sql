/*---
id: T09
severity: query
affects: figures
title: Older plan that was not in last year's return
message: The plan started before last year's census day, but last year's return had no plan for this person.
guidance: >
  A plan that is older than last year's census day should have been in last year's return, unless the person has moved
  to you since: then enter TransferLA. Usually StartDate was mistyped, or the person was left out last year or could not
  be matched. Correct the date or add TransferLA. If last year's return was incomplete, leave it and explain it in a
  note.
module: whole_return
table: namedplan
fields: [StartDate]
years: [2023, null]
source: Logic check
needs: last_year
---*/
with known as (
    select distinct s.person_id
    from same_person as s
    inner join previous_journey as p on s.previous_person_id = p.person_id
    where p.namedplan_id is not null
)

select
    j.person_id,
    'namedplan' as table_name,
    j.namedplan_id as row_id,
    'StartDate' as field,
    j.start_date_text as value,
    'no plan in the return of ' || uk_date($previous_census_date) as detail
from request_journey as j
where
    j.start_date < $previous_census_date
    and j.transfer_la is null
    and j.person_id not in (select person_id from known)
order by all
