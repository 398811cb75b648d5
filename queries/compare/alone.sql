-- One row per unpaired row of one table, under any parent: gone, or added.
select
    cast($table as varchar) as table_name,
    'gone' as kind,
    b.row_id,
    b.person_id,
    b.line
from before_rows as b
anti join table_pair as p on b.row_id = p.before_row
union all
select
    cast($table as varchar) as table_name,
    'added' as kind,
    a.row_id,
    a.person_id,
    a.line
from after_rows as a
anti join table_pair as p on a.row_id = p.after_row
