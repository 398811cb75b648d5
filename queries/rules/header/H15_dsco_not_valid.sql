/*---
id: H15
severity: error
affects: format
title: Designated social care officer answer invalid
message: The designated social care officer answer is not Y, N or R.
guidance: >
  DSCO says whether a designated social care officer was in place on census day: Y for yes, N for no, R if one is being
  recruited. Correct the answer in the header settings of the export.
module: header
table: header
fields: [DSCO]
years: [2025, null]
source: DfE specification 2025, 1.6.1
---*/
-- H16 reports a blank.
select
    person_id,
    'header' as table_name,
    row_id,
    'DSCO' as field,
    dsco as value,
    cast(null as varchar) as detail
from header
where dsco not in (select c.code from code as c where c.code_set = 'CS123')
order by all
