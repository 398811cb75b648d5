/*---
id: N09
severity: query
title: Setting type not needed beside a URN or UKPRN
message: A setting type is given beside a URN or UKPRN.
guidance: >
  The setting type is for places without a URN or UKPRN. Usually it was left behind when the URN was added, or the
  case system always sends it. Take SENsetting out where the URN or UKPRN is right; where the setting type is right
  (home education, for example), take the URN or UKPRN out. It can stay with a note where both are meant.
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
    coalesce('beside URN ' || urn, 'beside UKPRN ' || ukprn) as detail
from plandetail
where (urn is not null or ukprn is not null) and sen_setting is not null
order by all
