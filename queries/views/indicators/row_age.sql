-- One row per Requests, Assessment or NamedPlan group (table_name, row_id): its request, and the person's age at each
-- date at which an indicator takes it.
with aged as (
    select
        requests_id,
        assessment_id,
        namedplan_id,
        age_at(birth_date, received_date) as received_age,
        age_at(birth_date, start_date) as start_age,
        age_at(birth_date, cease_date) as cease_age,
        age_at(birth_date, $august_31) as august_age
    from request_journey
)

select
    'requests' as table_name,
    requests_id as row_id,
    requests_id,
    received_age,
    start_age,
    cease_age,
    august_age
from aged
union all
select
    'assessment' as table_name,
    assessment_id as row_id,
    requests_id,
    received_age,
    start_age,
    cease_age,
    august_age
from aged
where assessment_id is not null
union all
select
    'namedplan' as table_name,
    namedplan_id as row_id,
    requests_id,
    received_age,
    start_age,
    cease_age,
    august_age
from aged
where namedplan_id is not null
