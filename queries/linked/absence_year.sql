-- One row per academic year with a period loaded: the figures of absence.
with years as (
    select
        academic_year,
        list(period order by place) as periods
    from period
    group by academic_year
),

differing as (
    select
        a.academic_year,
        count(*) as n
    from absence_part as a
    inner join absence_child as c on a.person_id = c.person_id and a.academic_year = c.academic_year
    where a.are_totals_different and not c.is_over_possible
    group by a.academic_year
)

select
    y.academic_year,
    y.periods,
    count(c.person_id) filter (where not c.is_over_possible) as children,
    cast(coalesce(sum(c.possible) filter (where not c.is_over_possible), 0) as bigint) as possible,
    cast(coalesce(sum(c.authorised) filter (where not c.is_over_possible), 0) as bigint) as authorised,
    cast(coalesce(sum(c.unauthorised) filter (where not c.is_over_possible), 0) as bigint) as unauthorised,
    count(*) filter (where not c.is_over_possible and c.is_persistent) as persistent,
    count(*) filter (where not c.is_over_possible and c.is_severe) as severe,
    count(*) filter (where c.is_over_possible) as over_possible,
    coalesce(any_value(d.n), 0) as totals_differ
from years as y
left join absence_child as c on y.academic_year = c.academic_year
left join differing as d on y.academic_year = d.academic_year
group by y.academic_year, y.periods
order by y.academic_year
