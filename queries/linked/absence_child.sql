-- One row per child and academic year: the sums of the parts, whether the absence is over what was possible, and
-- whether it is persistent (a tenth of the sessions possible, or more) and severe (a half), in whole numbers.
select
    person_id,
    academic_year,
    cast(sum(possible) as bigint) as possible,
    cast(sum(authorised) as bigint) as authorised,
    cast(sum(unauthorised) as bigint) as unauthorised,
    sum(authorised) + sum(unauthorised) > sum(possible) as is_over_possible,
    (sum(authorised) + sum(unauthorised)) * 10 >= sum(possible) as is_persistent,
    (sum(authorised) + sum(unauthorised)) * 2 >= sum(possible) as is_severe
from absence_part
group by person_id, academic_year
