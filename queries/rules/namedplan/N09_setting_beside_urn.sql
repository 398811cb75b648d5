/*---
id: N09
severity: query
affects: format
title: Setting type not needed beside a URN or UKPRN
message: There is a setting type as well as a URN or UKPRN.
guidance: >
  The setting type is for places without a URN or UKPRN. Usually it was left behind when the URN was added, or the case
  system always sends it. Remove SENsetting if the URN or UKPRN is right. If the setting type is right (home education,
  for example), remove the URN or UKPRN. You can leave both, with a note, if both are meant.
module: namedplan
table: plandetail
fields: [SENsetting]
years: [2023, null]
source: DfE specification 2025, 3.2.2
---*/
select
    person_id,
    'plandetail' as table_name,
    row_id,
    'SENsetting' as field,
    sen_setting as value,
    coalesce('URN ' || urn, 'UKPRN ' || ukprn) as detail
from plandetail
where (urn is not null or ukprn is not null) and sen_setting is not null
order by all
