-- One row per person with findings of some rules, in the order of teams and names; and one for findings about no
-- person.
-- $is_chosen: only the findings whose numbers are in `incoming`. work_group: NULL for no team.
with counted as (
    select
        person_id,
        cast(count(*) as bigint) as n
    from finding
    where
        list_contains($rules, rule_id)
        and (not $is_chosen or rowid in (select finding_id from incoming))
    group by person_id
)

select
    t.work_group,
    t.case_worker,
    c.person_id,
    c.n,
    p.surname,
    p.forename,
    p.person_birth_date_text as birth_date,
    p.upn
from counted as c
left join person as p on c.person_id = p.row_id
left join person_team as t on c.person_id = t.person_id
order by
    t.work_group nulls last,
    c.person_id is not null,
    lower(p.surname) nulls last,
    lower(p.forename) nulls last,
    c.person_id
