-- One row per pupil row of the census returns that count: what it is matched by, and what tells equal rows.
with prepared as (
    select
        p.read_no as pupil_id,
        p.export,
        p.key,
        p.on_roll,
        r.return_id,
        nullif(regexp_replace(p.upn, '[\s\p{Z}]+', '', 'g'), '') as upn,
        nullif(regexp_replace(p.formerupn, '[\s\p{Z}]+', '', 'g'), '') as former_upn,
        nullif(regexp_replace(p.uniquelearnernumber, '\.0$', ''), '9999999999') as uln,
        p.dob,
        case p.sex
            when '1' then 'M' when 'MALE' then 'M' when '2' then 'F' when 'FEMALE' then 'F' else p.sex
        end as sex,
        p.surname,
        p.forename,
        p.entrydate,
        p.leavingdate,
        p.termlysessionspossible,
        p.summerhalfterm2sessionspossible
    from raw_pupil as p
    inner join census_return as r on p.export = r.export and p.parent = r.key
    where not r.is_superseded
)

select
    *,
    hash(
        return_id,
        on_roll,
        upn,
        dob,
        sex,
        entrydate,
        leavingdate,
        termlysessionspossible,
        summerhalfterm2sessionspossible
    ) as row_hash
from prepared
