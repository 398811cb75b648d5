-- One row a person with a near match and a child of the census that may be the same, with what that child's rows say.
select
    l.person_id,
    min(l.step) as step,
    e.upn,
    e.former_upn,
    e.uln,
    e.surname,
    e.forename,
    e.dob,
    e.sex,
    list(e.pupil_id order by e.pupil_id) as pupil_ids,
    array_to_string(list_distinct(list(e.laestab order by e.laestab)), ', ') as schools
from link as l
inner join enrolment as e on l.pupil_id = e.pupil_id
where l.step > 0
group by l.person_id, e.upn, e.former_upn, e.uln, e.surname, e.forename, e.dob, e.sex
order by l.person_id, min(l.pupil_id)
