-- One row per academic year: the people matched exactly with an enrolment in a census of that year.
select
    academic_year,
    count(*) as base
from exclusion_base_of
group by academic_year
