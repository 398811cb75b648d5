-- One row per pair of rows of one table with an item that differs, a limited number at a time.
select
    before_row,
    after_row
from pair
where table_name = $table and not is_equal
order by before_row
limit $n_rows offset $n_before
