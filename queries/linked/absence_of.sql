-- One row per child and academic year with a period loaded: the child's sums, unless more was missed than possible.
select
    person_id,
    academic_year,
    possible,
    authorised,
    unauthorised,
    is_persistent,
    is_severe
from absence_child
where
    not is_over_possible
    and academic_year in (select academic_year from period)
order by all
