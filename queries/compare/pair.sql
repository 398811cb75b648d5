-- One row per pair of rows of one table: where each row is, and whether all items are equal.
select
    cast($table as varchar) as table_name,
    p.before_row,
    p.after_row,
    b.person_id as before_person,
    a.person_id as after_person,
    b.line as before_line,
    a.line as after_line,
    b.fingerprint = a.fingerprint as is_equal
from table_pair as p
inner join before_rows as b on p.before_row = b.row_id
inner join after_rows as a on p.after_row = a.row_id
