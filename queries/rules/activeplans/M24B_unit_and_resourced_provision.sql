/*---
id: M24B
severity: query
affects: record
title: Both a SEN unit and resourced provision
message: The placement is marked as both in a SEN unit and in resourced provision.
guidance: >
  A SEN unit teaches its pupils mostly apart, and resourced provision mostly in mainstream classes: a placement is in
  one or the other. Ask the school which it is and set the other item to 0. If the school really offers both to this
  person, leave it and explain it in a note.
module: activeplans
table: placementdetail
fields: [SENunitIndicator, ResourcedProvisionIndicator]
years: [2023, null]
source: Logic check
---*/
select
    person_id,
    'placementdetail' as table_name,
    placementdetail_id as row_id,
    'SENunitIndicator' as field,
    sen_unit_indicator_text as value,
    null as detail
from placement
where sen_unit_indicator and resourced_provision_indicator
order by all
