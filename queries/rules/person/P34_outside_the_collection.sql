/*---
id: P34
severity: query
affects: figures
title: Person appears to be outside the collection
message: Nothing recorded for the person is in the scope of this collection.
guidance: >
  The collection covers what was undecided or active on census day, and what happened from 1 January of the year before.
  This person has no open request or assessment, no agreed plan still to come, no active plan and no date in that time.
  Usually an old record was exported: remove it. If a missing or wrong date hides something that happened in that time,
  correct the date instead. If the person belongs here for another reason, say why in a note.
module: person
table: person
fields: []
years: [2023, null]
source: DfE specification 2025, 1.3
---*/
-- Blank and unreadable dates bring nothing into scope; a plan with a bad cease date is not active.
with in_scope as (
    select person_id
    from request_journey
    where
        request_outcome is null
        or is_undecided(request_outcome)
        or (assessment_id is not null and (assessment_outcome is null or is_undecided(assessment_outcome)))
        or (assessment_outcome = 'Y' and namedplan_id is null)
        or is_active
        or received_date >= $year_start
        or request_outcome_date >= $year_start
        or assessment_outcome_date >= $year_start
        or start_date >= $year_start
        or cease_date >= $year_start
)

select
    person_id,
    'person' as table_name,
    row_id,
    cast(null as varchar) as field,
    cast(null as varchar) as value,
    if(row_id in (select r.person_id from requests as r), null, 'no request') as detail
from person
where row_id not in (select s.person_id from in_scope as s)
order by all
