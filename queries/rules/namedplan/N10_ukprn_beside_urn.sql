/*---
id: N10
severity: info
affects: format
title: UKPRN not needed beside a URN
message: There is a UKPRN as well as a URN.
guidance: >
  The URN alone identifies the establishment; the UKPRN is for those that have no URN. Both together do no harm as long
  as they are for the same establishment. The DfE does not ask about this.
module: namedplan
table: plandetail
fields: [UKPRN]
years: [2023, null]
source: DfE specification 2025, 3.2.2
---*/
select
    person_id,
    'plandetail' as table_name,
    row_id,
    'UKPRN' as field,
    ukprn as value,
    'URN ' || urn as detail
from plandetail
where urn is not null and ukprn is not null
order by all
