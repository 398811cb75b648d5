-- One row per person and SEN2 group: all, new, closed, census, new_plan, closed_plan. A person can be in several.
with started as (
    select person_id from request_received
    union
    select person_id from new_plan
),

closed as (
    select person_id from ceased_plan
    union
    select person_id
    from request_journey
    where
        namedplan_id is null
        and (
            (request_outcome in ('N', 'W') and is_within(request_outcome_date, $year_start, $year_end))
            or (assessment_outcome in ('N', 'W') and is_within(assessment_outcome_date, $year_start, $year_end))
        )
)

select
    row_id as person_id,
    'all' as sen2_group
from person
union all
select
    person_id,
    'new' as sen2_group
from started
union all
select
    person_id,
    'closed' as sen2_group
from closed
where person_id not in (select person_id from person_stage where has_open)
union all
select
    person_id,
    'census' as sen2_group
from caseload
union all
select distinct
    person_id,
    'new_plan' as sen2_group
from new_plan
union all
select distinct
    person_id,
    'closed_plan' as sen2_group
from ceased_plan
