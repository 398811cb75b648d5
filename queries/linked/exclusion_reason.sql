-- One row per academic year, kind (suspensions or permanent exclusions) and reason: events with it.
with reason as (
    select
        academic_year,
        category = 'PERM' as is_permanent,
        unnest(reasons) as code
    from exclusion_event
)

select
    academic_year,
    is_permanent,
    code,
    count(*) as n
from reason
group by all
order by all
