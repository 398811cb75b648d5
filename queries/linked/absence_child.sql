-- One row per child and academic year: the sums of the parts, and whether the absence is over what was possible.
select
    person_id,
    academic_year,
    cast(sum(possible) as bigint) as possible,
    cast(sum(authorised) as bigint) as authorised,
    cast(sum(unauthorised) as bigint) as unauthorised,
    sum(authorised) + sum(unauthorised) > sum(possible) as is_over_possible
from absence_part
group by person_id, academic_year
