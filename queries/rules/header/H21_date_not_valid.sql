/*---
id: H21
severity: error
affects: figures
effect: "{n} date{s} cannot be read and will count as missing"
title: Date not valid
message: A date is not a real date in the form ccyy-mm-dd.
guidance: >
  Dates must be written as 2025-01-16 and exist in the calendar (no 31 June, no 29 February outside leap years, no time
  after the date). No other rule compares such a date, and no figure counts it. Correct the date in the case record, or
  the date format of the export if every date is affected.
module: header
table: any
fields: [any date item]
years: [2023, null]
source: DfE specification 2025, 3.2
---*/
select
    person_id,
    table_name,
    row_id,
    field,
    value,
    cast(null as varchar) as detail
from unreadable_item
where item_type = 'date'
order by all
