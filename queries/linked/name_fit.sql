-- One row per person and pupil row with the same names and date of birth (step 5), where these belong to one person of
-- the return and to rows of one UPN. Rows that repeat an earlier one have no say in that, unless there are no others.
with row_name as (
    select
        r.pupil_id,
        coalesce(r.upn, '') as upn,
        r.dob,
        s.folded as surname,
        f.folded as forename,
        q.pupil_id is not null as is_repeated
    from pupil as r
    inner join name_form as s on r.surname = s.name
    inner join name_form as f on r.forename = f.name
    left join repeated_row as q on r.pupil_id = q.pupil_id
    where r.pupil_id not in (select pupil_id from fit where step = 0)
),

one_upn as (
    select
        dob,
        surname,
        forename,
        coalesce(min(upn) filter (where not is_repeated), min(upn)) as upn
    from row_name
    group by dob, surname, forename
    having
        count(distinct upn) filter (where not is_repeated) = 1
        or count(distinct upn) = 1
),

one_person as (
    select
        any_value(person_id) as person_id,
        birth_date,
        surname,
        forename
    from linked_person
    where surname is not null and forename is not null and birth_date is not null
    group by birth_date, surname, forename
    having count(*) = 1
)

select
    p.person_id,
    r.pupil_id,
    5 as step
from one_person as p
inner join linked_person as l on p.person_id = l.person_id and not l.is_shared
inner join one_upn as u on p.birth_date = u.dob and p.surname = u.surname and p.forename = u.forename
inner join row_name as r
    on p.birth_date = r.dob and p.surname = r.surname and p.forename = r.forename and u.upn = r.upn
where p.person_id not in (select person_id from fit where step = 0)
