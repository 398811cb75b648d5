-- One row per person with a near match and child of the census (UPN, date of birth and sex) that may be the same,
-- with every spelling of its rows: a child keeps all enrolments, however its name is written in them.
select
    l.person_id,
    min(l.step) as step,
    e.upn,
    e.dob,
    e.sex,
    list_sort(list_distinct(list(e.former_upn))) as former_upn,
    list_sort(list_distinct(list(e.uln))) as uln,
    list_sort(list_distinct(list(e.surname))) as surname,
    list_sort(list_distinct(list(e.forename))) as forename,
    list(e.pupil_id order by e.pupil_id) as pupil_ids,
    list_sort(list_distinct(list(e.laestab))) as schools
from link as l
inner join enrolment as e on l.pupil_id = e.pupil_id
where l.step > 0
group by l.person_id, e.upn, e.dob, e.sex
order by l.person_id, min(l.pupil_id)
