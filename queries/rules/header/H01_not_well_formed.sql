/*---
id: H01
severity: error
affects: format
title: The file is not well-formed XML
message: The file cannot be read as XML, so nothing in it was loaded.
guidance: >
  sen2dash refuses a file that is not well-formed XML, uses an encoding that is not supported, or starts with a DOCTYPE,
  and loads nothing from it. The message at upload names the line. Usually the export was cut off, or someone edited the
  file by hand. Export the return again from the case system and upload that file.
module: header
table: file
fields: []
years: [2023, null]
source: DfE specification 2025, 3.1 and 3.3
needs: xml
---*/
-- A loaded return never has this fault: such a file is refused while it is read, with the line.
select
    cast(null as bigint) as person_id,
    'file' as table_name,
    cast(null as bigint) as row_id,
    cast(null as varchar) as field,
    cast(null as varchar) as value,
    cast(null as varchar) as detail
from file
where false
order by all
