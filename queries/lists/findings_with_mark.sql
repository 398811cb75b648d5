-- One row a finding with a mark, or with none: its number in the store, its rule and its person.
select
    finding_id,
    rule_id,
    person_id
from finding_with_mark(null)
where coalesce(mark, 'none') = $mark
