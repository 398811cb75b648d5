/*---
id: H16
severity: {2025: info, 2026: error}
affects: record
title: Designated social care officer answer missing (voluntary in 2025, mandatory from 2026)
message: The designated social care officer answer is missing.
guidance: >
  DSCO says whether a designated social care officer was in place on census day. It was voluntary in 2025 and is
  required from 2026. Enter Y, N or R (recruiting) in the header settings of the export. For 2025 you can leave it
  blank.
module: header
table: header
fields: [DSCO]
years: [2025, null]
source: DfE specification 2025, 1.6.1
---*/
select
    person_id,
    'header' as table_name,
    row_id,
    'DSCO' as field,
    dsco as value,
    cast(null as varchar) as detail
from header
where dsco is null
order by all
