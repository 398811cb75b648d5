-- One row per file, by its number: rows of a person, and values of headline columns that are not in their list.
select
    cast(read_no // 4294967296 as bigint) as number,
    count(*) as kept,
    cast(sum(n_other) as bigint) as other_codes
from attainment_result
group by all
order by number
