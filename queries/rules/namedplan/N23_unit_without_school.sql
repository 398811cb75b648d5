/*---
id: N23
severity: query
affects: record
title: Unit or resourced provision without a school
message: The plan names a SEN unit or resourced provision, but gives no URN of a school.
guidance: >
  SEN units and resourced provision are parts of mainstream schools, which have a URN. Usually the URN is missing, or
  the UKPRN was entered instead. Add the URN of the school, or set the indicator to 0. If the school has no URN yet,
  leave it and explain it in a note.
module: namedplan
table: plandetail
fields: [SENunitIndicator, ResourcedProvisionIndicator]
years: [2023, null]
source: DfE specification 2025, 2.4
---*/
select
    person_id,
    'plandetail' as table_name,
    row_id,
    if(sen_unit_indicator, 'SENunitIndicator', 'ResourcedProvisionIndicator') as field,
    if(sen_unit_indicator, sen_unit_indicator_text, resourced_provision_indicator_text) as value,
    coalesce('UKPRN ' || ukprn, 'setting type ' || sen_setting) as detail
from plandetail
where (sen_unit_indicator or resourced_provision_indicator) and urn is null
order by all
