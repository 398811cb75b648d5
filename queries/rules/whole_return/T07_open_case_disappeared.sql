/*---
id: T07
severity: query
affects: figures
title: Open case of last year has disappeared
message: A request or assessment that was undecided in last year's return is not in this one.
guidance: >
  A case that was open last year is either still open or has been decided since, and then this return should show the
  decision. Usually the case was closed as an error, the person moved away and the withdrawal (W) was not returned, or
  the UPN and the date of birth both changed so that the person could not be matched. Use the number shown to find the
  person in last year's return, and add the case with its outcome, or explain it in a note.
module: whole_return
table: return
fields: [RequestOutcome, AssessmentOutcome]
years: [2023, null]
source: Logic check
needs: last_year
---*/
with undecided as (
    select
        *,
        unnest(['RequestOutcome', 'AssessmentOutcome']) as field,
        unnest([request_outcome, assessment_outcome]) as outcome
    from previous_journey
)

select
    null as person_id,
    'return' as table_name,
    null as row_id,
    u.field,
    u.outcome as value,
    'person ' || p.row_id || coalesce(' (UPN ' || p.upn || ')', '') || ' of last year''s return'
    || coalesce(', request received on ' || uk_date(u.received_date), '') as detail
from undecided as u
inner join previous.person as p on u.person_id = p.row_id
left join same_request as s on u.requests_id = s.previous_requests_id
where
    is_undecided(u.outcome)
    and (s.previous_requests_id is null or (u.field = 'AssessmentOutcome' and not s.has_assessment))
order by all
