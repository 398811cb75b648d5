-- One row per rule with findings about the header or the whole return, which concern no person: how many.
-- $is_chosen: only the findings whose numbers are in `incoming`.
select
    rule_id,
    cast(count(*) as bigint) as n
from finding
where person_id is null and (not $is_chosen or rowid in (select finding_id from incoming))
group by rule_id
