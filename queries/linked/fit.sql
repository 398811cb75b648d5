-- One row per person and pupil row that fits a step of the match by number: 0 exact, 1 sex differs, 2 date of birth
-- differs or is missing, 3 former UPN, 4 ULN. A blank key fits nothing.
with known as (
    select * from linked_person
    where not is_shared
),

exact as (
    select
        p.person_id,
        r.pupil_id
    from known as p
    inner join pupil as r on p.upn = r.upn and p.birth_date = r.dob and p.sex = r.sex
    where p.sex in ('M', 'F')
),

waiting as (
    select * from known
    where person_id not in (select person_id from exact)
),

open_row as (
    select * from pupil
    where pupil_id not in (select pupil_id from exact)
)

select
    person_id,
    pupil_id,
    0 as step
from exact
union all
select
    p.person_id,
    r.pupil_id,
    if(p.birth_date = r.dob, 1, 2) as step
from waiting as p
inner join open_row as r on p.upn = r.upn
where
    p.birth_date = r.dob
    or (p.sex = r.sex and p.sex in ('M', 'F') and (p.birth_date = r.dob) is not true)
union all
select
    p.person_id,
    r.pupil_id,
    3 as step
from waiting as p
inner join open_row as r on p.upn = r.former_upn and p.birth_date = r.dob
union all
select
    p.person_id,
    r.pupil_id,
    4 as step
from waiting as p
inner join open_row as r on p.uln = r.uln and p.birth_date = r.dob
