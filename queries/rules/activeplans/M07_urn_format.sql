/*---
id: M07
severity: error
affects: matching
title: URN format
message: The URN of the placement is not six digits.
guidance: >
  A URN has six digits, as in Get Information about Schools. Usually a UKPRN (eight digits), an authority and
  establishment number (seven digits) or a school name was entered instead. Look up the URN of the establishment and
  correct it in the placement record.
module: activeplans
table: placementdetail
fields: [URN]
years: [2023, null]
source: Common Basic Data Set
---*/
select
    person_id,
    'placementdetail' as table_name,
    placementdetail_id as row_id,
    'URN' as field,
    urn as value,
    null as detail
from placement
where not regexp_full_match(urn, '[0-9]{6}')
order by all
