-- One row per person and pupil row of a near match that was accepted and still counts: the person's UPN is not shared,
-- and neither the person nor the row has an exact match, which comes first.
select
    a.person_id,
    a.pupil_id
from raw_accepted as a
inner join linked_person as p on a.person_id = p.person_id and not p.is_shared
where
    a.pupil_id in (select pupil_id from pupil)
    and a.person_id not in (select person_id from fit where step = 0)
    and a.pupil_id not in (select pupil_id from fit where step = 0)
