/*---
id: H08
severity: query
title: This file belongs to another local authority than the return before it
message: The local authority number differs from the earlier return's.
guidance: >
  The earlier return that was given to compare with has another local authority number. Either the wrong file was
  chosen as one of the two, or the number is wrong. It is fine to leave it only where the authority itself changed,
  for example in a reorganisation: say so in a note.
module: header
table: header
fields: [LEA]
years: [2023, null]
source: Logic check
needs: earlier_return
---*/
-- A blank number on either side is not a difference: H07 reports it.
select
    h.person_id,
    'header' as table_name,
    h.row_id,
    'LEA' as field,
    h.lea as value,
    'earlier return: ' || e.lea as detail
from header as h
cross join previous.header as e
where h.lea <> e.lea
order by all
