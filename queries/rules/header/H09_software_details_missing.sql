/*---
id: H09
severity: info
affects: format
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
source: DfE specification 2025, 3.2.1
---*/
with item as (
    select
        person_id,
        row_id,
        unnest(['SoftwareCode', 'Release']) as field,
        unnest([software_code, release]) as value
    from header
)

select
    person_id,
    'header' as table_name,
    row_id,
    field,
    value,
    cast(null as varchar) as detail
from item
where value is null
order by all
