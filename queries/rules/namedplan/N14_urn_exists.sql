/*---
id: N14
severity: query
affects: format
title: "The establishment has a URN: use it"
message: The plan gives the UKPRN of an establishment that has a URN.
guidance: >
  The UKPRN is for establishments without a URN. The register that you loaded has an open establishment with this UKPRN
  and the URN shown: enter that URN instead of the UKPRN. You can leave it, with a note, if the plan names another site
  or provider that only shares the UKPRN.
module: namedplan
table: plandetail
fields: [UKPRN]
years: [2023, null]
source: DfE specification 2025, 2.4
needs: establishments
needs_columns: [ukprn, status]
---*/
select
    d.person_id,
    'plandetail' as table_name,
    d.row_id,
    'UKPRN' as field,
    d.ukprn as value,
    concat_ws(', ', 'URN ' || m.open_urn, m.open_establishment) as detail
from plandetail as d
inner join register_match as m on m.table_name = 'plandetail' and d.row_id = m.row_id
where d.urn is null and m.open_urn is not null
order by all
