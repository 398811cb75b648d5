/*---
id: H06
severity: error
affects: format
title: Source level must be L
message: The source level in the header is missing or is not L.
guidance: >
  SourceLevel says who sends the file. In a SEN2 return it is always L (local authority). The case system sets it:
  correct it in the export settings or ask your software supplier.
module: header
table: header
fields: [SourceLevel]
years: [2023, null]
source: DfE specification 2025, 3.2.1
---*/
select
    person_id,
    'header' as table_name,
    row_id,
    'SourceLevel' as field,
    source_level as value,
    cast(null as varchar) as detail
from header
where source_level is distinct from 'L'
order by all
