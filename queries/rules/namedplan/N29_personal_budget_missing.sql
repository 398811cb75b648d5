/*---
id: N29
severity: error
affects: figures
title: Personal budget item missing
message: The plan is active on census day and does not say whether there is a personal budget.
guidance: >
  Each plan that is active on census day needs PB: 1 if a personal budget was taken up, 0 if none was. Usually the field
  was never filled in on the case record, which is not the same as no. Enter 1 or 0.
module: namedplan
table: namedplan
fields: [PB]
years: [2023, null]
source: DfE specification 2025, 2.4
---*/
-- H22 reports a value that is neither yes nor no.
select
    person_id,
    'namedplan' as table_name,
    namedplan_id as row_id,
    'PB' as field,
    pb_text as value,
    null as detail
from request_journey
where pb_text is null and is_active
order by all
