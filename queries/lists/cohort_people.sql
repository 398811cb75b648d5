-- One row per person of the cohort: who they are, and the key of their category in every characteristic.
select
    p.row_id as person_id,
    p.surname,
    p.forename,
    p.person_birth_date_text as birth_date,
    p.upn,
    p.unique_learner_number as uln,
    c.* exclude (person_id)
from cohort_person($cohort_characteristics, $cohort_categories) as c
inner join person as p on c.person_id = p.row_id
order by p.row_id
