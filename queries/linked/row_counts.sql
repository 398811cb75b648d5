-- One row: pupil rows of the returns that count, by what became of them. The rest were dropped. A repeated row would be
-- exact or near if no other row settles the person's match in an earlier step.
with of_person as (
    select
        f.pupil_id,
        min(f.step) as step,
        any_value(r.pupil_id) is not null as is_repeated
    from fit as f
    inner join person_match as m on f.person_id = m.person_id
    left join repeated_row as r on f.pupil_id = r.pupil_id
    where if(r.pupil_id is null, f.step = m.step, f.step <= coalesce(m.step, f.step))
    group by f.pupil_id
),

every as (
    select count(*) as n_rows from pupil
),

counted as (
    select
        count(*) filter (where not is_repeated and step = 0) as exact,
        count(*) filter (where not is_repeated and step > 0) as near,
        count(*) filter (where is_repeated) as repeated
    from of_person
)

select
    t.n_rows as rows,
    c.exact,
    c.near,
    c.repeated,
    t.n_rows - c.exact - c.near - c.repeated as dropped
from counted as c
cross join every as t
