/*---
id: M05
severity: error
affects: figures
title: Placement not identified
message: The placement has no URN, no UKPRN and no setting type.
guidance: >
  A placement is identified by the URN of the school or college, by the UKPRN of a provider without a URN, or by a
  SENsetting code if there is no establishment. Usually the school was typed in only as a name. Look the establishment
  up in Get Information about Schools or the UK Register of Learning Providers and enter its number, or choose the
  setting code that fits.
module: activeplans
table: placementdetail
fields: [URN, UKPRN, SENsetting]
years: [2023, null]
source: DfE specification 2025, 2.5
---*/
select
    person_id,
    'placementdetail' as table_name,
    placementdetail_id as row_id,
    'URN' as field,
    null as value,
    'UKPRN and SENsetting are blank too' as detail
from placement
where urn is null and ukprn is null and sen_setting is null
order by all
