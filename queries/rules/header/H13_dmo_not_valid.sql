/*---
id: H13
severity: error
affects: record
title: Designated medical officer answer missing or invalid
message: The designated medical officer answer is missing or is not Y, N or R.
guidance: >
  DMO says whether a designated medical officer was in place on census day: Y for yes, N for no, R if one is being
  recruited. If you do not know, ask your lead for SEND health partnerships, then enter the answer in the header
  settings of the export.
module: header
table: header
fields: [DMO]
years: [2023, null]
source: DfE specification 2025, 2 and 3.2.1
---*/
select
    person_id,
    'header' as table_name,
    row_id,
    'DMO' as field,
    dmo as value,
    cast(null as varchar) as detail
from header
where dmo is null or dmo not in (select c.code from code as c where c.code_set = 'CS123')
order by all
