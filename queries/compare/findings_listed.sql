-- One row per finding of some rules with one of some fates, with the person's details from the later return, or from
-- the earlier one if they are only in that. A finding that was cleared shows what the earlier return had.
select
    f.fate,
    f.rule_id,
    coalesce(f.before_person, p.before_row) as before_person,
    coalesce(f.after_person, q.after_row) as after_person,
    f.table_name,
    f.row_id,
    f.field,
    f.value,
    f.detail,
    w.surname,
    w.forename,
    w.birth_date,
    w.upn,
    w.uln,
    e.surname as earlier_surname,
    e.forename as earlier_forename,
    e.birth_date as earlier_birth_date
from finding_fate as f
left join pair as p on p.table_name = 'person' and f.after_person = p.after_row
left join pair as q on q.table_name = 'person' and f.before_person = q.before_row
left join person_known as w
    on
        w.is_after = (coalesce(f.after_person, q.after_row) is not null)
        and w.person = coalesce(f.after_person, q.after_row, f.before_person)
left join person_known as e on not e.is_after and e.person = coalesce(f.before_person, p.before_row)
where list_contains($rules, f.rule_id) and list_contains($fates, f.fate)
order by f.rule_id, f.fate, after_person, before_person, f.table_name, f.row_id, f.field, f.value, f.detail
