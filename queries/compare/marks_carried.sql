-- One row per mark that stays: its finding is still there, in the later return. `mark_before`: those of the earlier
-- one. "Checked and right" does not stay with another value, which nobody has checked.
select
    f.rule_id,
    f.met_table,
    finding_row(f.after_person, f.row_id) as met_row,
    f.item,
    f.place,
    m.mark
from finding_fate as f
inner join mark_before as m
    on
        f.rule_id = m.rule_id and f.met_table = m.met_table and f.before_row = m.met_row and f.item = m.item
        and f.place = m.place
where f.fate = 'still' and (m.mark != 'right' or f.value is not distinct from f.before_value)
order by all
