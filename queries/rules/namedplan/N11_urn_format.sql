/*---
id: N11
severity: error
affects: matching
title: URN format
message: The URN is not six digits.
guidance: >
  A URN has exactly six digits. Usually a digit was lost, or the establishment number (four or seven digits) or a
  UKPRN (eight digits) was entered instead. Look the establishment up in Get Information about Schools and enter its
  URN.
module: namedplan
table: plandetail
fields: [URN]
years: [2023, null]
source: Common Basic Data Set
---*/
select
    person_id,
    'plandetail' as table_name,
    row_id,
    'URN' as field,
    urn as value,
    null as detail
from plandetail
where not regexp_full_match(urn, '[0-9]{6}')
order by all
