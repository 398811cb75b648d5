-- One row an academic year: the people matched exactly with an enrolment in a census of that year.
select
    cast(e.academic_year as integer) as academic_year,
    count(distinct l.person_id) as base
from enrolment as e
inner join link as l on e.pupil_id = l.pupil_id and l.step = 0
group by e.academic_year
