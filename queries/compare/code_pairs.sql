-- One row per pair of different values, including blank, that an item of one table has in a pair of rows.
select
    field,
    before,
    after,
    cast(count(*) as bigint) as n
from change
where table_name = $table and before is not null
group by all
order by field, before, after
