/*---
id: M07P
severity: query
affects: format
title: "The establishment has a URN: use it"
message: The placement gives a UKPRN, but the establishment has a URN.
guidance: >
  A UKPRN is only for providers without a URN. With the URN, the placement counts under the right type of establishment.
  Replace the UKPRN with the URN shown. Several establishments of one trust or college group may share a UKPRN, so check
  that the URN is that of the site attended. If the person attends a part of the provider that has no URN, leave it and
  say so in a note.
module: activeplans
table: placementdetail
fields: [UKPRN]
years: [2023, null]
source: DfE specification 2025, 2.5
needs: establishments
needs_columns: [ukprn, status]
---*/
select
    p.person_id,
    'placementdetail' as table_name,
    p.placementdetail_id as row_id,
    'UKPRN' as field,
    p.ukprn as value,
    concat_ws(', ', 'URN ' || r.open_urn, r.open_establishment) as detail
from placement as p
inner join register_match as r on r.table_name = 'placementdetail' and p.placementdetail_id = r.row_id
where p.urn is null and r.open_urn is not null
order by all
