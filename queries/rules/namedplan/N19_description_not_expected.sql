/*---
id: N19
severity: query
affects: format
title: Free text not expected
message: There is a description of another setting, but the setting type is not Other.
guidance: >
  SENsettingOther is only for the setting type OTH. Usually it holds the name of a school that also has a URN, or was
  left behind when the setting type changed. Remove the text, or set SENsetting to OTH if that is what the plan names.
  Otherwise explain in a note why the text is there.
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
    'setting type ' || coalesce(sen_setting, 'blank') as detail
from plandetail
where sen_setting_other is not null and sen_setting is distinct from 'OTH'
order by all
