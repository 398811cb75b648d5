-- One row a pair of start dates of what can be one plan: of the earlier return (previous_start_date) and of this
-- return. A plan that starts when the other has ceased is another plan; so are two plans with different dates of which
-- one stands in both returns.
with pair as (
    select
        n.person_id,
        e.person_id as previous_person_id,
        n.namedplan_id,
        n.start_date,
        e.start_date as previous_start_date
    from same_request as s
    inner join request_journey as n on s.requests_id = n.requests_id
    inner join previous_journey as e on s.previous_requests_id = e.requests_id
    where
        n.start_date is not null
        and e.start_date is not null
        and (n.start_date >= e.cease_date) is not true
)

select *
from pair
where
    start_date = previous_start_date
    or (
        (person_id, previous_start_date) not in (
            select (j.person_id, j.start_date) from request_journey as j where j.start_date is not null
        )
        and (previous_person_id, start_date) not in (
            select (e.person_id, e.start_date) from previous_journey as e where e.start_date is not null
        )
    )
