/*---
id: M11
severity: query
affects: record
title: More information will be asked for
message: The setting type is OTH or NIEO, so the DfE will ask for more information.
guidance: >
  OTH (other) and NIEO (not in education or training, other reason) are for the few cases that no other code describes,
  and the DfE asks about them. Check whether a URN, a UKPRN or another code fits better. If the code is right, leave it
  and explain the cases in a note.
module: activeplans
table: placementdetail
fields: [SENsetting, SENsettingOther]
years: [2024, null]
source: Common Basic Data Set, CS110
---*/
select
    person_id,
    'placementdetail' as table_name,
    placementdetail_id as row_id,
    'SENsetting' as field,
    sen_setting as value,
    sen_setting_other as detail
from placement
where sen_setting in ('OTH', 'NIEO')
order by all
