/*---
id: H03
severity: error
affects: format
title: Collection must be SEN2
message: The collection name in the header is missing or is not SEN2.
guidance: >
  Collection in the header must be exactly SEN2, in capitals. Another name usually means that the file was made for
  another collection. Check that you chose the right export, and correct the setting in the case system.
module: header
table: header
fields: [Collection]
years: [2023, null]
source: DfE specification 2025, 3.2.1
---*/
select
    person_id,
    'header' as table_name,
    row_id,
    'Collection' as field,
    collection as value,
    cast(null as varchar) as detail
from header
where collection is distinct from 'SEN2'
order by all
