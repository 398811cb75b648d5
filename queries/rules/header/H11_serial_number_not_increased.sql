/*---
id: H11
severity: query
affects: format
title: Serial number was not increased since the last return
message: The serial number is not higher than the one in the earlier return for the same year.
guidance: >
  The earlier return has the same authority and year but different content, and its serial number is the same or higher.
  Two different files with the same number cannot be told apart: increase SerialNo in the export settings before you
  send this file. If you swapped the two files when you added them, swap them back. You then do not need to change the
  number.
module: header
table: header
fields: [SerialNo]
years: [2023, null]
source: DfE specification 2025, 3.4
needs: earlier_return
---*/
-- A serial number that is not 1 to 3 digits, on either side, is not compared.
select
    h.person_id,
    'header' as table_name,
    h.row_id,
    'SerialNo' as field,
    h.serial_no as value,
    'earlier return: ' || e.serial_no as detail
from header as h
cross join previous.header as e
cross join file as f
cross join previous.file as d
where
    h.lea = e.lea
    and h.year = e.year
    and f.sha256 <> d.sha256
    and serial_number(e.serial_no) >= serial_number(h.serial_no)
order by all
