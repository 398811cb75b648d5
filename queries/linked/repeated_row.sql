-- One row per pupil row that equals an earlier one in what tells enrolments apart. Only rows whose hash occurs twice
-- are compared.
with doubtful as (
    select row_hash from pupil
    group by row_hash
    having count(*) > 1
)

select pupil_id from pupil
where row_hash in (select row_hash from doubtful)
qualify
    row_number() over (
        partition by
            return_id,
            on_roll,
            upn,
            dob,
            sex,
            entrydate,
            leavingdate,
            termlysessionspossible,
            summerhalfterm2sessionspossible
        order by pupil_id
    ) > 1
