-- One row a pupil row that equals one that fits, in what tells enrolments apart: whether it is the first of its equals.
with touched as (
    select distinct
        return_id,
        on_roll,
        upn,
        dob,
        sex
    from pupil
    where pupil_id in (select pupil_id from fit)
)

select
    r.pupil_id,
    row_number() over (
        partition by
            r.return_id,
            r.on_roll,
            r.upn,
            r.dob,
            r.sex,
            r.entrydate,
            r.leavingdate,
            r.termlysessionspossible,
            r.summerhalfterm2sessionspossible
        order by r.pupil_id
    ) = 1 as is_first
from pupil as r
inner join touched as t
    on
        r.return_id = t.return_id
        and r.on_roll = t.on_roll
        and r.upn is not distinct from t.upn
        and r.dob is not distinct from t.dob
        and r.sex is not distinct from t.sex
