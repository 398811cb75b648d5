/*---
id: N22
severity: query
affects: record
title: Both a SEN unit and resourced provision
message: The place is marked as both in a SEN unit and in resourced provision.
guidance: >
  A place is in a SEN unit (taught mainly in the unit) or in resourced provision (taught mainly in mainstream classes),
  hardly ever in both. Usually both indicators were set because the school has both. Set the one that does not apply to
  0. If the plan does name both, leave it and explain it in a note.
module: namedplan
table: plandetail
fields: [SENunitIndicator, ResourcedProvisionIndicator]
years: [2023, null]
source: Logic check
---*/
select
    person_id,
    'plandetail' as table_name,
    row_id,
    'SENunitIndicator' as field,
    sen_unit_indicator_text as value,
    null as detail
from plandetail
where sen_unit_indicator and resourced_provision_indicator
order by all
