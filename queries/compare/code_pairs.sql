-- One row a value of an item of one table that another stands against, and that other one; a blank one too.
select
    field,
    before,
    after,
    cast(count(*) as bigint) as n
from change
where table_name = $table and before is not null
group by all
order by field, before, after
