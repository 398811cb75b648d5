/*---
id: H10
severity: error
affects: format
title: Serial number missing or not a number
message: The serial number of the file is missing or is not a number from 1 to 999.
guidance: >
  SerialNo counts the files that you send: 1 to 3 digits, counting from 1 (leading zeros are allowed, as in 001). Set it
  in the export settings. Each new file for the same collection needs a higher number.
module: header
table: header
fields: [SerialNo]
years: [2023, null]
source: DfE specification 2025, 3.4
---*/
select
    person_id,
    'header' as table_name,
    row_id,
    'SerialNo' as field,
    serial_no as value,
    cast(null as varchar) as detail
from header
where coalesce(serial_number(serial_no), 0) = 0
order by all
