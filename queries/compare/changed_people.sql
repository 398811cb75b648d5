-- One row per paired person who has changed: one of their items or of a paired row below them has changed, or a row
-- below them was added or is gone.
select
    before_row as before_person,
    after_row as after_person
from pair
where
    table_name = 'person'
    and (
        before_row in (select p.before_person from pair as p where not p.is_equal)
        or before_row in (select l.person_id from alone as l where l.kind = 'gone')
        or after_row in (select l.person_id from alone as l where l.kind = 'added')
    )
order by after_person
