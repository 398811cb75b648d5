-- One row a person with findings of one rule. $mark: only findings with this mark, or with none. $is_chosen: only the
-- findings whose numbers are in `incoming`.
select distinct person_id
from finding_with_mark([$rule_id])
where
    person_id is not null
    and ($mark is null or coalesce(mark, 'none') = $mark)
    and (not $is_chosen or finding_id in (select finding_id from incoming))
order by all
