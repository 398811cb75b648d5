-- One row per indicator and person whose part in it differs. People are paired, and their members counted on each side.
with before_side as (
    select
        indicator_id,
        person_id,
        count(*) filter (where in_denominator) as n_of,
        count(*) filter (where in_numerator) as n_counted
    from member_before
    group by all
),

after_side as (
    select
        m.indicator_id,
        m.person_id,
        p.before_row as met_person,
        count(*) filter (where m.in_denominator) as n_of,
        count(*) filter (where m.in_numerator) as n_counted
    from member_after as m
    left join pair as p on p.table_name = 'person' and m.person_id = p.after_row
    group by all
)

select
    coalesce(a.indicator_id, b.indicator_id) as indicator_id,
    coalesce(b.person_id, a.met_person) as before_person,
    coalesce(a.person_id, q.after_row) as after_person,
    coalesce(b.n_of, 0) as of_before,
    coalesce(b.n_counted, 0) as counted_before,
    coalesce(a.n_of, 0) as of_after,
    coalesce(a.n_counted, 0) as counted_after
from before_side as b
full join after_side as a on b.indicator_id = a.indicator_id and b.person_id = a.met_person
left join pair as q on q.table_name = 'person' and b.person_id = q.before_row
where
    coalesce(b.n_of, 0) != coalesce(a.n_of, 0)
    or coalesce(b.n_counted, 0) != coalesce(a.n_counted, 0)
