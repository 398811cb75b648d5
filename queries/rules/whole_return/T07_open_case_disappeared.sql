/*---
id: T07
severity: query
title: Open case of last year has disappeared
message: A request or assessment that was undecided in last year's return is absent from this one.
guidance: >
  A case that was open last year is either still open or was decided in between, and then this return should show the
  decision. Usually the case was closed as an error, the person moved away and the withdrawal (W) was not returned, or
  the received date was changed so that the two could not be matched. Find the person in last year's return by the
  number shown and add the case with its outcome, or explain it in a note.
module: whole_return
table: return
fields: [RequestOutcome, AssessmentOutcome]
years: [2023, null]
source: common sense
needs: last_year
---*/
-- Present is a request of the matched person with the same received date (or a blank one on either side); an assessment
-- is present where such a request has one.
with undecided as (
    select
        *,
        unnest(['RequestOutcome', 'AssessmentOutcome']) as field,
        unnest([request_outcome, assessment_outcome]) as outcome
    from previous_journey
),

present as (
    select
        s.previous_requests_id,
        unnest(['RequestOutcome', 'AssessmentOutcome']) as field,
        unnest([true, j.assessment_id is not null]) as is_present
    from same_request as s
    inner join request_journey as j on s.requests_id = j.requests_id
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
anti join present as n on u.requests_id = n.previous_requests_id and u.field = n.field and n.is_present
where u.outcome = 'A'
order by all
