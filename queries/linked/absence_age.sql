-- One row per person with a date of birth and academic year with a period loaded: whether absence of their age is
-- collected.
with loaded as (
    select distinct academic_year from period
)

select
    p.person_id,
    y.academic_year,
    is_of_absence_age(p.birth_date, y.academic_year) as is_of_age
from linked_person as p
cross join loaded as y
where p.birth_date is not null
order by all
