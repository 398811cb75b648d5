-- One row per result of a person: a row of a file with the same UPN, date of birth and sex.
select
    p.person_id,
    r.*
from raw_attainment as r
inner join linked_person as p
    on
        nullif(regexp_replace(r.upn, '[\s\p{Z}]+', '', 'g'), '') = p.upn
        and r.dob = p.birth_date
        and case r.sex
            when '1' then 'M' when 'MALE' then 'M' when '2' then 'F' when 'FEMALE' then 'F' else r.sex
        end = p.sex
where not p.is_shared and p.sex in ('M', 'F')
