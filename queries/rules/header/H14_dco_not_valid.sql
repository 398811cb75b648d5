/*---
id: H14
severity: error
affects: record
title: Designated clinical officer answer missing or invalid
message: The designated clinical officer answer is missing or is not Y, N or R.
guidance: >
  DCO says whether a designated clinical officer was in place on census day: Y for yes, N for no, R if one is being
  recruited. If you do not know, ask your lead for SEND health partnerships, then enter the answer in the header
  settings of the export.
module: header
table: header
fields: [DCO]
years: [2023, null]
source: DfE specification 2025, 2 and 3.2.1
---*/
select
    person_id,
    'header' as table_name,
    row_id,
    'DCO' as field,
    dco as value,
    cast(null as varchar) as detail
from header
where dco is null or dco not in (select c.code from code as c where c.code_set = 'CS123')
order by all
