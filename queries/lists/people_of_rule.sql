-- One row per person with findings of one rule. $is_chosen: only the findings whose numbers are in `incoming`.
select distinct person_id
from finding
where
    rule_id = $rule_id
    and person_id is not null
    and (not $is_chosen or rowid in (select finding_id from incoming))
order by all
