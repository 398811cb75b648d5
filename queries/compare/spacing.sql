-- One row per item of one table with white space around its text on one side only, and no other difference: how
-- often.
with spaced as (
    select
        p.before_row,
        d.name as field,
        count(distinct d.is_after) as n_sides
    from spacing as d
    inner join pair as p on d.table_name = p.table_name and d.row_id = if(d.is_after, p.after_row, p.before_row)
    where d.table_name = $table
    group by all
)

select
    s.field,
    cast(count(*) as bigint) as n
from spaced as s
left join change as c on c.table_name = $table and s.before_row = c.before_row and s.field = c.field
where s.n_sides = 1 and c.field is null
group by s.field
