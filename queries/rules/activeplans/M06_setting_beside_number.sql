/*---
id: M06
severity: query
affects: format
title: Setting type not needed beside a URN or UKPRN
message: The placement has a setting type as well as a URN or UKPRN.
guidance: >
  SENsetting is for placements without a URN or UKPRN. With both, it is not clear which one is meant, and the two may
  contradict each other. Keep the URN or UKPRN and remove SENsetting, or remove the number if the person does not attend
  that establishment. If your system cannot leave the code out, explain it in a note.
module: activeplans
table: placementdetail
fields: [SENsetting]
years: [2023, null]
source: DfE specification 2025, 3.2.2
---*/
select
    person_id,
    'placementdetail' as table_name,
    placementdetail_id as row_id,
    'SENsetting' as field,
    sen_setting as value,
    concat_ws(', ', 'URN ' || urn, 'UKPRN ' || ukprn) as detail
from placement
where sen_setting is not null and (urn is not null or ukprn is not null)
order by all
