-- One row a finding: its number in the store, its rule and its person. $of_people: only of the people in `incoming`.
-- $mark: only with this mark, or with none.
select
    finding_id,
    rule_id,
    person_id
from finding_with_mark(null)
where
    (not $of_people or person_id in (select person_id from incoming))
    and ($mark is null or coalesce(mark, 'none') = $mark)
