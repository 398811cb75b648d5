-- One row per matched pair of persons and plan of this return that last year's return had for that person: its start
-- date and last year's, the earliest if there are several candidates.
-- Equal start dates pair first; then plans whose requests have the same ReceivedDate; then the one plan that had not
-- ceased then and the one plan now whose request was not received after that plan began.
-- Plans are not joined with each other, so the cost grows only with the number of plans in the matched pairs.
with plan as (
    select
        s.previous_person_id,
        s.person_id,
        e.namedplan_id,
        e.start_date,
        e.received_date,
        true as is_then,
        (e.cease_date_text is null or e.cease_date > $previous_census_date) is true as is_going_on
    from same_person as s
    inner join previous_journey as e on s.previous_person_id = e.person_id
    where e.namedplan_id is not null
    union all
    select
        s.previous_person_id,
        s.person_id,
        n.namedplan_id,
        n.start_date,
        n.received_date,
        false as is_then,
        false as is_going_on
    from same_person as s
    inner join request_journey as n on s.person_id = n.person_id
    where n.namedplan_id is not null
),

by_start as materialized (
    select
        *,
        start_date is not null and bool_or(is_then) over same and bool_or(not is_then) over same as is_paired
    from plan
    window same as (partition by previous_person_id, person_id, start_date)
),

by_request as materialized (
    select
        * exclude (is_paired),
        min(start_date) filter (where is_then) over same as previous_start_date,
        received_date is not null and bool_or(is_then) over same and bool_or(not is_then) over same as is_paired
    from by_start
    where not is_paired
    window same as (partition by previous_person_id, person_id, received_date)
),

left_over as (
    select
        * exclude (previous_start_date),
        if(
            count_if(is_going_on) over pair = 1, min(start_date) filter (where is_going_on) over pair, null
        ) as previous_start_date
    from by_request
    where not is_paired
    window pair as (partition by previous_person_id, person_id)
),

by_elimination as (
    select
        *,
        count(*) over (partition by previous_person_id, person_id) as n_that_fit
    from left_over
    where not is_then and previous_start_date is not null and (received_date > previous_start_date) is not true
)

select
    previous_person_id,
    person_id,
    namedplan_id,
    start_date,
    start_date as previous_start_date
from by_start
where is_paired and not is_then
union all
select
    previous_person_id,
    person_id,
    namedplan_id,
    start_date,
    previous_start_date
from by_request
where is_paired and not is_then
union all
select
    previous_person_id,
    person_id,
    namedplan_id,
    start_date,
    previous_start_date
from by_elimination
where n_that_fit = 1
