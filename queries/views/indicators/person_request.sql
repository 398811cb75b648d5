-- One row per person with a request: the caseload plan's request, else the one received last; if tied, the later in the
-- file. plan_pb is the personal budget of the request's plan, else of the person's last plan.
with last_plan as (
    select
        person_id,
        pb
    from request_journey
    where namedplan_id is not null
    qualify row_number() over (partition by person_id order by start_date desc nulls last, namedplan_id desc) = 1
)

select
    j.person_id,
    j.requests_id,
    j.request_source,
    if(j.namedplan_id is null, l.pb, j.pb) as plan_pb
from request_journey as j
left join caseload as c on j.requests_id = c.requests_id
left join last_plan as l on j.person_id = l.person_id
qualify
    row_number() over (
        partition by j.person_id
        order by (c.requests_id is not null) desc, j.received_date desc nulls last, j.requests_id desc
    ) = 1
