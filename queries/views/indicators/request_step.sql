-- One row per Requests group: how far it got and where it ended, what was challenged and what followed, as categories.
-- outcome and source are 'none' if they are blank or not a code. A challenge is 'mediation', 'tribunal' (without
-- mediation) or 'both', and NULL without one. What followed if the first decision was a refusal is 'on' or 'stop'.
with challenged as (
    select
        *,
        challenge_of(request_mediation, request_tribunal) as request_challenge,
        challenge_of(assessment_mediation, assessment_tribunal) as assessment_challenge,
        challenge_of(other_mediation, other_tribunal) as other_challenge
    from request_journey
),

later as (
    select distinct e.row_id as requests_id
    from requests as e
    inner join requests as l on e.person_id = l.person_id
    where e.received_date < l.received_date
)

select
    c.person_id,
    c.requests_id,
    c.assessment_id,
    c.requests_id in (select r.requests_id from request_received as r) as is_received,
    c.assessment_id in (select a.assessment_id from assessment_completed as a) as is_completed,
    c.requests_id in (select l.requests_id from later as l) as is_asked_again,
    if(c.request_outcome in ('Y', 'N', 'A', 'W'), c.request_outcome, 'none') as outcome,
    coalesce(s.key, 'none') as request_source,
    case
        when c.is_active then 'plan_active'
        when c.has_ceased then 'plan_ceased'
        when c.namedplan_id is not null then 'plan_other'
        when c.assessment_id is not null
            then 'assessment_' || if(c.assessment_outcome in ('Y', 'N', 'A', 'W'), c.assessment_outcome, 'none')
        else 'request_' || if(c.request_outcome in ('Y', 'N', 'A', 'W'), c.request_outcome, 'none')
    end as ending,
    c.request_challenge,
    c.assessment_challenge,
    c.other_challenge,
    case
        when c.request_outcome = 'N' and c.assessment_id is not null then 'on'
        when c.request_outcome = 'N' then 'stop'
        else 'other'
    end as after_request,
    case
        when c.assessment_outcome = 'N' and c.namedplan_id is not null then 'on'
        when c.assessment_outcome = 'N' then 'stop'
        else 'other'
    end as after_assessment
from challenged as c
left join category as s on s.characteristic = 'source' and c.request_source = s.key
