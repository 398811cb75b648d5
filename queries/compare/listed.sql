-- One row per difference of one table, for a list that people read: an item that has changed, or a row that was added
-- or is gone, with the person's details from the later return, or from the earlier one if they are only in that.
with difference as (
    select
        'changed' as kind,
        p.before_person,
        p.after_person,
        p.before_line,
        p.after_line,
        c.field,
        c.before,
        c.after
    from change as c
    inner join pair as p on c.table_name = p.table_name and c.before_row = p.before_row
    where c.table_name = $table
    union all
    select
        l.kind,
        if(l.kind = 'gone', l.person_id, p.before_row) as before_person,
        if(l.kind = 'gone', p.after_row, l.person_id) as after_person,
        if(l.kind = 'gone', l.line, null) as before_line,
        if(l.kind = 'gone', null, l.line) as after_line,
        null as field,
        null as before,
        null as after
    from alone as l
    left join pair as p
        on p.table_name = 'person' and l.person_id = if(l.kind = 'gone', p.before_row, p.after_row)
    where l.table_name = $table
)

select
    d.*,
    w.surname,
    w.forename,
    w.birth_date,
    w.upn,
    w.uln,
    e.surname as earlier_surname,
    e.forename as earlier_forename,
    e.birth_date as earlier_birth_date
from difference as d
left join person_known as w
    on
        w.is_after = (d.after_person is not null)
        and w.person = coalesce(d.after_person, d.before_person)
left join person_known as e on not e.is_after and d.before_person = e.person
order by d.kind, d.after_line, d.before_line, d.field
