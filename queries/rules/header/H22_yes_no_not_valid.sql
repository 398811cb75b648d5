/*---
id: H22
severity: error
affects: figures
title: Yes/no item has an invalid value
message: A yes/no item is not 1, 0, true or false.
guidance: >
  Yes is written 1 or true, and no is written 0 or false, in capitals or small letters. Other values, such as Y or yes,
  count as neither, so no figure counts them as a yes. Usually the export does not translate the case system's own
  codes: correct the mapping, or the answer in the case record.
module: header
table: any
fields: [any yes/no item]
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
where item_type = 'boolean'
order by all
