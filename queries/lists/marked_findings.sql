-- One row per finding with a mark: what identifies it, its mark and its person. Marks without a finding are left out.
select
    rule_id,
    met_table,
    met_row,
    item,
    place,
    mark,
    person_id
from finding_with_mark((select coalesce(list(distinct rule_id), []) from finding_mark))
where mark is not null
order by all
