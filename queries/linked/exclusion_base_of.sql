-- One row per person matched exactly and academic year with an enrolment in a census of that year.
select distinct
    l.person_id,
    cast(e.academic_year as integer) as academic_year
from enrolment as e
inner join link as l on e.pupil_id = l.pupil_id and l.step = 0
