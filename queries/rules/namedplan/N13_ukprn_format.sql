/*---
id: N13
severity: error
affects: matching
title: UKPRN format
message: The UKPRN is not eight digits that start with 1.
guidance: >
  A UKPRN has eight digits and starts with 1. Usually a digit was lost, or a URN (six digits) was entered instead. Look
  the provider up in the UK Register of Learning Providers and enter its UKPRN, or its URN if it has one.
module: namedplan
table: plandetail
fields: [UKPRN]
years: [2023, null]
source: Common Basic Data Set
---*/
select
    person_id,
    'plandetail' as table_name,
    row_id,
    'UKPRN' as field,
    ukprn as value,
    null as detail
from plandetail
where not regexp_full_match(ukprn, '1[0-9]{7}')
order by all
