-- One row: pupil rows of the returns that count, by what became of them. The rest were dropped.
with of_person as (
    select
        f.pupil_id,
        min(f.step) as step,
        bool_or(r.is_first) as is_first
    from fit as f
    inner join person_match as m on f.person_id = m.person_id and f.step = m.step
    inner join first_row as r on f.pupil_id = r.pupil_id
    group by f.pupil_id
),

every as (
    select count(*) as n_rows from pupil
),

counted as (
    select
        count(*) filter (where is_first and step = 0) as exact,
        count(*) filter (where is_first and step > 0) as near,
        count(*) filter (where not is_first) as repeated
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
