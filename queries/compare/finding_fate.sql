-- One row per finding of either return, two that are still there as one: its fate, and where it is.
-- Findings about a person are matched by rule, paired row and item; those about the header or the whole return by rule
-- and item. If there are several, the k-th matches the k-th. met_row is NULL if the row was added: it has no match.
-- The last four columns identify a finding of the earlier return, as in queries/finding_macros.sql.
with located as (
    select
        false as is_after,
        f.*,
        finding_row(f.person_id, f.row_id) as met_row
    from finding_before as f
    union all
    select
        true as is_after,
        f.*,
        if(f.person_id is null, 0, p.before_row) as met_row
    from finding_after as f
    left join pair as p
        on p.table_name = if(f.row_id is null, 'person', f.table_name) and p.after_row = coalesce(f.row_id, f.person_id)
),

numbered as (
    select
        *,
        finding_group(person_id, table_name, row_id) as met_table,
        coalesce(field, '') as item,
        row_number() over (
            partition by is_after, rule_id, met_table, met_row, item order by value, detail, row_id
        ) as place
    from located
),

before_side as (
    select * from numbered where not is_after
),

after_side as (
    select * from numbered where is_after
)

select
    case when a.rule_id is null then 'cleared' when b.rule_id is null then 'new' else 'still' end as fate,
    coalesce(a.rule_id, b.rule_id) as rule_id,
    b.person_id as before_person,
    a.person_id as after_person,
    a.finding_id as after_finding,
    coalesce(a.table_name, b.table_name) as table_name,
    if(a.rule_id is null, b.row_id, a.row_id) as row_id,
    if(a.rule_id is null, b.field, a.field) as field,
    if(a.rule_id is null, b.value, a.value) as value,
    b.value as before_value,
    if(a.rule_id is null, b.detail, a.detail) as detail,
    b.met_table,
    b.met_row as before_row,
    b.item,
    b.place
from before_side as b
full join after_side as a
    on
        b.rule_id = a.rule_id and b.met_table = a.met_table and b.met_row = a.met_row and b.item = a.item
        and b.place = a.place
