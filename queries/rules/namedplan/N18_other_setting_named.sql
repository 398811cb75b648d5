/*---
id: N18
severity: query
affects: record
title: "Other setting named: more information will be asked for"
message: The plan names a setting of type Other, so the DfE will ask for more information.
guidance: >
  The DfE asks about each plan that names a setting of type OTH. First check whether the establishment has a URN or
  UKPRN, or whether another setting type fits. If OTH is right, leave it and explain it in a note.
module: namedplan
table: plandetail
fields: [SENsetting, SENsettingOther]
years: [2023, null]
source: DfE guide 2025
---*/
select
    person_id,
    'plandetail' as table_name,
    row_id,
    'SENsetting' as field,
    sen_setting as value,
    sen_setting_other as detail
from plandetail
where sen_setting = 'OTH'
order by all
