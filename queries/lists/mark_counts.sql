-- One row per rule and mark of its findings, or none: how many findings, and about how many people. Of some rules.
select
    rule_id,
    coalesce(mark, 'none') as mark,
    cast(count(*) as bigint) as n,
    cast(count(distinct person_id) as bigint) as people
from finding_with_mark($rules)
group by all
order by all
