/*---
id: T04
severity: query
affects: record
title: Item never recorded in the whole return
message: An item is never yes in the whole return, or a part of the return is empty.
guidance: >
  In a return of a hundred people or more, each yes/no item is normally yes for someone, and each table has rows.
  Usually the item is left blank in the case system, or the extract leaves it out or writes another value. Check the
  extract and the case records. In a small authority the answer may really be no for everyone: leave it and explain it
  in a note.
module: whole_return
table: return
fields: []
years: [2023, null]
source: Logic check
---*/
with never_recorded as (
    select field || ' in ' || table_name || ' is never yes' as detail
    from yes_item
    where n_yes = 0
    union all
    select table_name || ' has no rows' as detail
    from table_size
    where n_rows = 0 and table_name <> 'header'
)

select
    null as person_id,
    'return' as table_name,
    null as row_id,
    null as field,
    null as value,
    detail
from never_recorded
where (select count(*) from person) >= 100
order by all
