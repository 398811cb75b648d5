/*---
id: H08
severity: query
affects: matching
title: This file belongs to another local authority than the return before it
message: The local authority number is not the one in the earlier return.
guidance: >
  The earlier return that you added has another local authority number. Either one of the two files is the wrong file,
  or the number is wrong. Leave it only if the authority itself changed, for example in a reorganisation, and say so in
  a note.
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
