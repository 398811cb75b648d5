-- One row per row of one table that was added or is gone.
select
    table_name,
    kind,
    row_id,
    person_id,
    line
from alone
where table_name = $table
order by kind, line, row_id
