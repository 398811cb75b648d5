-- One row per unpaired request of two paired persons who both have one left, in the order of the file.
select
    group_id,
    is_after,
    row_id,
    key_1 is null as is_blank
from left_over
where group_id in (select l.group_id from left_over as l group by l.group_id having count(distinct l.is_after) = 2)
order by group_id, is_after, row_id
