/*---
id: H09
severity: info
title: Software details missing
message: The software code or the software release is missing from the header.
guidance: >
  SoftwareCode and Release name the system that made the file and its version. They help the DfE's helpdesk and your
  supplier to trace a fault; nothing else depends on them. They come from the case system: ask your supplier if they
  stay blank.
module: header
table: header
fields: [SoftwareCode, Release]
years: [2023, null]
source: spec 3.2.1
---*/
select
    person_id,
    'header' as table_name,
    row_id,
    unnest(
        list_filter(
            [if(software_code is null, 'SoftwareCode', null), if(release is null, 'Release', null)],
            lambda name: name is not null
        )
    ) as field,
    cast(null as varchar) as value,
    cast(null as varchar) as detail
from header
order by all
