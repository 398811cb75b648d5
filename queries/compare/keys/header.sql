-- One row: the header, which is paired with the header.
select
    row_id,
    cast(0 as bigint) as parent_id,
    null as key_0,
    null as key_1,
    null as key_2,
    null as key_3
from header
