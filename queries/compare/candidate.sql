-- One row per row of one table of either return whose parent is paired: its keys for pairing. group_id: the parent's
-- row in the earlier return; 0 if there is no parent.
select
    false as is_after,
    c.*,
    coalesce(p.before_row, 0) as group_id
from before_rows as c
left join pair as p on p.table_name = $parent and c.parent_id = p.before_row
where $parent is null or p.before_row is not null
union all
select
    true as is_after,
    c.*,
    coalesce(p.before_row, 0) as group_id
from after_rows as c
left join pair as p on p.table_name = $parent and c.parent_id = p.after_row
where $parent is null or p.before_row is not null
