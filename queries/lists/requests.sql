-- One row per request of the cohort: its categories (request_step), its dates and its person.
select
    s.*,
    p.surname,
    p.forename,
    p.person_birth_date_text as birth_date,
    p.upn,
    j.received_date,
    j.request_outcome,
    j.request_outcome_date,
    j.assessment_outcome,
    j.assessment_outcome_date,
    j.start_date,
    j.cease_date
from request_step as s
inner join request_journey as j on s.requests_id = j.requests_id
inner join person as p on s.person_id = p.row_id
where s.person_id in (select person_id from cohort_person($cohort_characteristics, $cohort_categories))
order by s.requests_id
