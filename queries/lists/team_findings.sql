-- One row per finding whose number is in `incoming`, in the order of its people (place), and then of the rules in
-- $rules.
select
    i.place,
    f.rule_id,
    f.person_id,
    f.field,
    f.value,
    f.detail
from incoming as i
inner join finding as f on i.finding_id = f.rowid
where list_contains($rules, f.rule_id)
order by i.place, list_position($rules, f.rule_id), f.table_name, f.row_id, f.field, f.value, f.detail
limit $n_rows offset $n_before
