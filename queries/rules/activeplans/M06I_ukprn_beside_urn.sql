/*---
id: M06I
severity: info
affects: format
title: UKPRN not needed beside a URN
message: The placement has a UKPRN as well as a URN.
guidance: >
  The URN alone identifies the school or college; the UKPRN is for providers that have no URN. If both belong to the
  same establishment, you do not need to correct anything. Check that they do: if the two numbers are for different
  establishments, one of them is wrong.
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
