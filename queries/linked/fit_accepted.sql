-- One row per person and pupil row that fits a step of the match, where an accepted near match is like an exact one.
select
    person_id,
    pupil_id,
    step
from fit
where
    person_id not in (select person_id from accepted)
    and pupil_id not in (select pupil_id from accepted)
union all
select
    person_id,
    pupil_id,
    0 as step
from accepted
