-- One row per plan of the cohort: how it came to be open and how it ended (plan_movement), and its person.
select
    m.*,
    p.surname,
    p.forename,
    p.person_birth_date_text as birth_date,
    p.upn,
    k.label as reason
from plan_movement as m
inner join person as p on m.person_id = p.row_id
left join code as k on k.code_set = 'CS113' and m.cease_reason = k.code
where m.person_id in (select person_id from cohort_person($cohort_characteristics, $cohort_categories))
order by m.person_id, m.namedplan_id
