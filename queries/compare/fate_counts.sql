-- One row per rule with a finding in either return: how many were cleared, are new and are still there.
select
    rule_id,
    cast(count_if(fate = 'cleared') as bigint) as cleared,
    cast(count_if(fate = 'new') as bigint) as new,
    cast(count_if(fate = 'still') as bigint) as still
from finding_fate
group by rule_id
