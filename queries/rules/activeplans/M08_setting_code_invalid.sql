/*---
id: M08
severity: error
affects: figures
title: Setting code invalid
message: The setting type is not one of the codes of this collection.
guidance: >
  SENsetting takes OLA, OPA, EHE, EYP, OTH, NEET, NIEC or NIEO, in capitals; the 2023 return does not take OTH here.
  Usually a code of the case system was not translated, or it is in small letters. Map it to one of the codes, or give
  the URN or UKPRN if the person attends an establishment.
module: activeplans
table: placementdetail
fields: [SENsetting]
years: [2023, null]
source: Common Basic Data Set, CS110
---*/
select
    person_id,
    'placementdetail' as table_name,
    placementdetail_id as row_id,
    'SENsetting' as field,
    sen_setting as value,
    null as detail
from placement
where
    sen_setting not in (select code from code where code_set = 'CS110')
    or (sen_setting = 'OTH' and $rules_of = 2023)
order by all
