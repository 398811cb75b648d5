/*---
id: M10
severity: error
affects: record
title: Describe the setting
message: The setting type is "other" (OTH), but there is no description.
guidance: >
  With OTH the DfE needs to know what the setting is. Describe the type of setting in a few words in SENsettingOther,
  without names of people. First check whether a URN, a UKPRN or another setting code fits: most settings entered as
  "other" have one.
module: activeplans
table: placementdetail
fields: [SENsettingOther]
years: [2024, null]
source: Common Basic Data Set, CS110
---*/
select
    person_id,
    'placementdetail' as table_name,
    placementdetail_id as row_id,
    'SENsettingOther' as field,
    null as value,
    'SENsetting is OTH' as detail
from placement
where sen_setting = 'OTH' and sen_setting_other is null
order by all
