/*---
id: M06I
severity: info
title: UKPRN not needed beside a URN
message: A UKPRN is given although the placement has a URN.
guidance: >
  The URN alone identifies the school or college; the UKPRN is for providers that have no URN. Nothing has to be
  corrected when both belong to one establishment. Check that they do: two numbers of different establishments mean
  that one of them is wrong.
module: activeplans
table: placementdetail
fields: [UKPRN]
years: [2023, null]
source: DfE specification 2025, 3.2.2
---*/
select
    person_id,
    'placementdetail' as table_name,
    placementdetail_id as row_id,
    'UKPRN' as field,
    ukprn as value,
    'URN ' || urn as detail
from placement
where urn is not null and ukprn is not null
order by all
