-- One row per academic year with a base or an event: the figures of suspensions and permanent exclusions.
with children as (
    select
        academic_year,
        sum(suspensions) as suspensions,
        count(*) filter (where suspensions > 0) as suspended_children,
        sum(sessions) as sessions,
        sum(permanent) as permanent
    from exclusion_child
    group by academic_year
),

logged as (
    select
        academic_year,
        sum(n_rows - 1) as repeated,
        count(*) filter (where are_sessions_different) as sessions_differ,
        count(*) filter (where category = 'SUSP' and (stated < 0 or stated > 90)) as odd_sessions
    from exclusion_event
    group by academic_year
)

select
    coalesce(b.academic_year, c.academic_year) as academic_year,
    coalesce(b.base, 0) as base,
    cast(coalesce(c.suspensions, 0) as bigint) as suspensions,
    coalesce(c.suspended_children, 0) as suspended_children,
    cast(coalesce(c.sessions, 0) as bigint) as sessions,
    cast(coalesce(c.permanent, 0) as bigint) as permanent,
    cast(coalesce(l.repeated, 0) as bigint) as repeated,
    coalesce(l.sessions_differ, 0) as sessions_differ,
    coalesce(l.odd_sessions, 0) as odd_sessions
from exclusion_base as b
full join children as c on b.academic_year = c.academic_year
left join logged as l on c.academic_year = l.academic_year
order by academic_year
