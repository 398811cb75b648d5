-- One row: pupil rows, and rows of the tables below them; how many of each have no row above.
with child as (
    select
        export,
        on_roll,
        parent
    from raw_session
    union all
    select
        export,
        on_roll,
        parent
    from raw_exclusion
    union all
    select
        export,
        on_roll,
        parent
    from raw_need
    union all
    select
        export,
        on_roll,
        parent
    from raw_meal
),

counted as (
    select
        count(*) as n_rows,
        count(*) filter (where k.key is null) as n_orphans
    from child as c
    left join pupil_key as k on c.export = k.export and c.on_roll = k.on_roll and c.parent = k.key
),

pupils as (
    select
        count(*) as n_rows,
        count(*) filter (where r.return_id is null) as n_orphans
    from raw_pupil as p
    left join census_return as r on p.export = r.export and p.parent = r.key
)

select
    p.n_rows + c.n_rows as n_rows,
    p.n_orphans + c.n_orphans as n_orphans
from pupils as p
cross join counted as c
