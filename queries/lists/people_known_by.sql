-- One row per person: what a list can know them by. That is neither a blank nor ULN 9999999999, which many people have.
select
    row_id as person_id,
    nullif(upper(regexp_replace(upn, '\s', '', 'g')), '') as upn,
    nullif(nullif(trim(unique_learner_number), ''), '9999999999') as uln,
    folded(surname) as surname,
    folded(forename) as forename,
    person_birth_date as birth_date
from person
order by row_id
