-- One row per matched pair of a person of the earlier return (previous_person_id) and a person of this one (person_id).
-- By UPN; then by ULN, except 9999999999; then by folded names and birth date. Each step looks only at people whom no
-- earlier step matched. All who share a key are matched with each other; a key that more than 20 people share on one
-- side matches nobody.
with identity as materialized (
    select
        row_id,
        false as is_earlier,
        upn,
        nullif(unique_learner_number, '9999999999') as uln,
        folded(surname) as surname,
        folded(forename) as forename,
        person_birth_date as birth_date
    from person
    union all
    select
        row_id,
        true as is_earlier,
        upn,
        nullif(unique_learner_number, '9999999999') as uln,
        folded(surname) as surname,
        folded(forename) as forename,
        person_birth_date as birth_date
    from previous.person
),

shared_upn as materialized (
    select upn
    from identity
    where upn is not null
    group by upn
    having count_if(is_earlier) between 1 and 20 and count_if(not is_earlier) between 1 and 20
),

left_by_upn as materialized (
    select i.*
    from identity as i
    anti join shared_upn as k on i.upn = k.upn
),

shared_uln as materialized (
    select uln
    from left_by_upn
    where uln is not null
    group by uln
    having count_if(is_earlier) between 1 and 20 and count_if(not is_earlier) between 1 and 20
),

left_by_uln as materialized (
    select i.*
    from left_by_upn as i
    anti join shared_uln as k on i.uln = k.uln
),

shared_name as materialized (
    select
        surname,
        forename,
        birth_date
    from left_by_uln
    where surname is not null and forename is not null and birth_date is not null
    group by all
    having count_if(is_earlier) between 1 and 20 and count_if(not is_earlier) between 1 and 20
)

select
    e.row_id as previous_person_id,
    n.row_id as person_id
from shared_upn as k
inner join identity as e on k.upn = e.upn
inner join identity as n on k.upn = n.upn
where e.is_earlier and not n.is_earlier
union all
select
    e.row_id as previous_person_id,
    n.row_id as person_id
from shared_uln as k
inner join left_by_upn as e on k.uln = e.uln
inner join left_by_upn as n on k.uln = n.uln
where e.is_earlier and not n.is_earlier
union all
select
    e.row_id as previous_person_id,
    n.row_id as person_id
from shared_name as k
inner join left_by_uln as e
    on k.surname = e.surname and k.forename = e.forename and k.birth_date = e.birth_date
inner join left_by_uln as n
    on k.surname = n.surname and k.forename = n.forename and k.birth_date = n.birth_date
where e.is_earlier and not n.is_earlier
