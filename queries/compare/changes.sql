-- One row per item that has changed in one table, with the persons and lines of both sides.
select
    c.table_name,
    p.before_person,
    p.after_person,
    p.before_line,
    p.after_line,
    c.before_row,
    c.after_row,
    c.field,
    c.before,
    c.after
from change as c
inner join pair as p on c.table_name = p.table_name and c.before_row = p.before_row
where c.table_name = $table
order by p.after_line, c.field, c.after_row
