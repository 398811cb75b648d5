/*---
id: M24
severity: info
affects: record
title: Unit or resourced provision indicator missing
message: The placement has a URN, but the SEN unit or resourced provision item is blank.
guidance: >
  If there is a URN, the return can say whether the person is in a SEN unit or in resourced provision of that school.
  Blank counts as no in the published figures. Enter 0 or 1 if your system has the answer. Otherwise you do not need to
  do anything.
module: activeplans
table: placementdetail
fields: [SENunitIndicator, ResourcedProvisionIndicator]
years: [2023, null]
source: DfE specification 2025, 2.5
---*/
with indicator as (
    select
        person_id,
        row_id,
        urn,
        unnest(['SENunitIndicator', 'ResourcedProvisionIndicator']) as field,
        unnest([sen_unit_indicator_text, resourced_provision_indicator_text]) as value
    from placementdetail
    where urn is not null
)

select
    person_id,
    'placementdetail' as table_name,
    row_id,
    field,
    value,
    'URN ' || urn as detail
from indicator
where value is null
order by all
