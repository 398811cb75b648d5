-- One row per person with a near match and different values of a candidate.
select distinct
    l.person_id,
    e.upn,
    e.dob,
    e.sex
from link as l
inner join enrolment as e on l.pupil_id = e.pupil_id
where l.step > 0
order by l.person_id, e.upn nulls first, e.dob nulls first, e.sex nulls first
