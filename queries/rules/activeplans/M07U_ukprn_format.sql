/*---
id: M07U
severity: error
affects: matching
title: UKPRN format
message: The UKPRN of the placement is not eight digits that start with 1.
guidance: >
  A UKPRN has eight digits and starts with 1, as in the UK Register of Learning Providers. Usually a URN (six digits) is
  in the wrong item, or a digit was mistyped. Correct it in the placement record. An establishment that has a URN needs
  only that.
module: activeplans
table: placementdetail
fields: [UKPRN]
years: [2023, null]
source: Common Basic Data Set
---*/
select
    person_id,
    'placementdetail' as table_name,
    placementdetail_id as row_id,
    'UKPRN' as field,
    ukprn as value,
    null as detail
from placement
where not regexp_full_match(ukprn, '1[0-9]{7}')
order by all
