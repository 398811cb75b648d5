-- One row per row of one table of the earlier return that has a pair.
select before_row as row_id
from pair
where table_name = $table
