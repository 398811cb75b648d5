/*---
id: M24U
severity: query
affects: record
title: Unit or resourced provision without a school
message: The placement is in a SEN unit or resourced provision, but has no URN.
guidance: >
  SEN units and resourced provision belong to schools, and schools have a URN. Usually the URN is missing, or the
  indicator was left on when the person moved to another setting. Enter the URN or set the indicator to 0. If the
  provider really has no URN, leave it and explain it in a note.
module: activeplans
table: placementdetail
fields: [SENunitIndicator, ResourcedProvisionIndicator]
years: [2023, null]
source: DfE specification 2025, 2.5
---*/
select
    person_id,
    'placementdetail' as table_name,
    placementdetail_id as row_id,
    if(sen_unit_indicator, 'SENunitIndicator', 'ResourcedProvisionIndicator') as field,
    if(sen_unit_indicator, sen_unit_indicator_text, resourced_provision_indicator_text) as value,
    coalesce('UKPRN ' || ukprn, 'SENsetting ' || sen_setting) as detail
from placement
where urn is null and (sen_unit_indicator or resourced_provision_indicator)
order by all
