-- One row per child and academic year whose absence is over what was possible, and who is left out of its figures.
select
    person_id,
    academic_year,
    possible,
    authorised,
    unauthorised
from absence_child
where
    is_over_possible
    and academic_year in (select academic_year from period)
order by all
