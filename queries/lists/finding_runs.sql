-- One row per run of people with findings of one rule: about so many findings each (most), in the order of the people.
-- $is_chosen: only the findings whose numbers are in `incoming`.
with per_person as (
    select
        coalesce(person_id, 0) as person,
        count(*) as n_findings
    from finding
    where rule_id = $rule_id and (not $is_chosen or rowid in (select finding_id from incoming))
    group by all
),

numbered as (
    select
        person,
        n_findings,
        (sum(n_findings) over (order by person) - n_findings) // $most as run
    from per_person
)

select
    min(person) as first,
    max(person) as last,
    cast(sum(n_findings) as bigint) as n
from numbered
group by run
order by run
