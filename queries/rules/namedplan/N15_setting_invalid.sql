/*---
id: N15
severity: error
affects: record
title: Setting code invalid
message: The setting type is not one of the codes of the collection.
guidance: >
  SENsetting takes one of the codes in code set CS110, in capitals, such as OLA, OPA, EHE, EYP or OTH. Usually a local
  code or the name of a school was sent. Choose the code that fits, or enter the URN of the establishment instead.
module: namedplan
table: plandetail
fields: [SENsetting]
years: [2023, null]
source: Common Basic Data Set, CS110
---*/
select
    person_id,
    'plandetail' as table_name,
    row_id,
    'SENsetting' as field,
    sen_setting as value,
    null as detail
from plandetail
where sen_setting not in (select code from code where code_set = 'CS110')
order by all
