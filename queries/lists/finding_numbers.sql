-- One row per finding: its number in the store, its rule and its person. $of_people: only of the people in `incoming`.
select
    rowid as finding_id,
    rule_id,
    person_id
from finding
where not $of_people or person_id in (select person_id from incoming)
