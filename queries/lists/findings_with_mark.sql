-- One row per finding with this mark, or with none: its number in the store.
select finding_id
from finding_with_mark(null)
where coalesce(mark, 'none') = $mark
