-- One row per finding of some rules, with its person and, except for whole-return findings, its position in the file.
-- $tables: the tables that the findings are about, so that other tables are not read. $first and $last: a run of
-- people, where 0 means nobody. $is_chosen: only the findings whose numbers are in `incoming`.
with wanted as (
    select *
    from finding_with_mark($rules, person := $person)
    where
        ($first is null or coalesce(person_id, 0) between $first and $last)
        and (not $is_chosen or finding_id in (select finding_id from incoming))
),

place as (
    select *
    from row_place
    where list_contains($tables, table_name)
)

select
    w.rule_id,
    w.person_id,
    w.table_name,
    w.row_id,
    place.line,
    place.path,
    w.field,
    w.value,
    w.detail,
    p.surname,
    p.forename,
    p.person_birth_date_text as birth_date,
    p.upn,
    p.unique_learner_number as uln,
    w.met_table,
    w.met_row,
    w.item,
    w.place,
    w.mark,
    t.team,
    t.case_worker
from wanted as w
left join place on w.table_name = place.table_name and w.row_id = place.row_id
left join person as p on w.person_id = p.row_id
left join person_team as t on w.person_id = t.person_id
order by w.rule_id, w.person_id nulls first, w.table_name, w.row_id, w.field, w.value, w.detail
limit $n_rows offset $n_before
