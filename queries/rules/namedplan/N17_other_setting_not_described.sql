/*---
id: N17
severity: error
affects: record
title: Describe the other setting
message: The setting type is Other, but there is no description.
guidance: >
  If SENsetting is OTH, SENsettingOther must say in words what kind of place the plan names. Add a short description
  without personal details, or choose the setting type that fits.
module: namedplan
table: plandetail
fields: [SENsettingOther]
years: [2023, null]
source: DfE specification 2025, 2.4
---*/
select
    person_id,
    'plandetail' as table_name,
    row_id,
    'SENsettingOther' as field,
    sen_setting_other as value,
    null as detail
from plandetail
where sen_setting = 'OTH' and sen_setting_other is null
order by all
