-- One row per candidate that the last step has not paired.
with used as (
    select
        false as is_after,
        before_row as row_id
    from new_pair
    union all
    select
        true as is_after,
        after_row as row_id
    from new_pair
)

select c.*
from left_over as c
anti join used as u on c.is_after = u.is_after and c.row_id = u.row_id
