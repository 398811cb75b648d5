-- One row a matched pair of a person of the earlier return (previous_person_id) and a person of this one (person_id):
-- by UPN; of those not matched so by ULN, 9999999999 excepted; of those still not matched by names and birth date.
-- Persons who share an identifier are all paired with each other; one that more than 20 of a return have names nobody.
with both_returns as (
    select
        *,
        false as is_earlier
    from person
    union all by name
    select
        *,
        true as is_earlier
    from previous.person
),

identity as (
    select
        is_earlier,
        row_id,
        if(count(*) over (partition by is_earlier, upn) <= 20, upn, null) as upn,
        if(
            count(*) over (partition by is_earlier, unique_learner_number) <= 20,
            nullif(unique_learner_number, '9999999999'), null
        ) as uln,
        person_birth_date as birth_date,
        squashed(surname) as surname,
        squashed(forename) as forename
    from both_returns
),

by_upn as (
    select
        e.row_id as previous_person_id,
        n.row_id as person_id
    from identity as e
    inner join identity as n on e.upn = n.upn
    where e.is_earlier and not n.is_earlier
),

by_uln as (
    select
        e.row_id as previous_person_id,
        n.row_id as person_id
    from identity as e
    inner join identity as n on e.uln = n.uln
    where
        e.is_earlier and not n.is_earlier
        and e.row_id not in (select u.previous_person_id from by_upn as u)
        and n.row_id not in (select u.person_id from by_upn as u)
),

by_number as (
    select * from by_upn
    union all
    select * from by_uln
),

by_name as (
    select
        e.row_id as previous_person_id,
        n.row_id as person_id
    from identity as e
    inner join identity as n on e.birth_date = n.birth_date and e.surname = n.surname and e.forename = n.forename
    where
        e.is_earlier and not n.is_earlier
        and e.row_id not in (select u.previous_person_id from by_number as u)
        and n.row_id not in (select u.person_id from by_number as u)
)

select * from by_number
union all
select * from by_name
