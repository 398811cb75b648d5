-- One row per indicator that people have moved: how many.
select
    indicator_id,
    count(*) as n
from indicator_move
group by indicator_id
