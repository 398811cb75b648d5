-- One row per child and academic year with an event: suspensions, sessions lost in them, permanent exclusions.
select
    person_id,
    academic_year,
    count(*) filter (where category <> 'PERM') as suspensions,
    cast(
        coalesce(
            sum(if(category = 'LNCH', 1, greatest(stated, 0))) filter (where category <> 'PERM'), 0
        ) as bigint
    ) as sessions,
    count(*) filter (where category = 'PERM') as permanent
from exclusion_event
group by person_id, academic_year
