-- One row per person and pupil row that is kept: of an exact match (step 0), or a candidate of a near match.
select
    f.person_id,
    f.pupil_id,
    f.step
from fit as f
inner join person_match as m on f.person_id = m.person_id and f.step = m.step
where f.pupil_id not in (select pupil_id from repeated_row)
