/*---
id: N08
severity: error
affects: figures
title: Establishment not identified
message: The establishment named has no URN, no UKPRN and no setting type.
guidance: >
  Each PlanDetail needs one of three things: the URN; if there is no URN, the UKPRN; and if there is neither, the
  setting type (SENsetting). Usually the school was typed in only as a name. Look the establishment up and enter its
  URN, or choose the setting type that fits.
module: namedplan
table: plandetail
fields: [URN, UKPRN, SENsetting]
years: [2023, null]
source: DfE specification 2025, 2.4
---*/
select
    person_id,
    'plandetail' as table_name,
    row_id,
    'URN' as field,
    urn as value,
    null as detail
from plandetail
where urn is null and ukprn is null and sen_setting is null
order by all
