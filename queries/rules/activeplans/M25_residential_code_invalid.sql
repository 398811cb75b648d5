/*---
id: M25
severity: error
affects: figures
title: Residential code invalid
message: The residential code of the placement is not A or B.
guidance: >
  RES is A for a residential placement of 38 to 51 weeks and B for one of 52 weeks. Leave it out for a day placement.
  Usually a code of the case system, a yes/no value or a small letter was returned. Map it to A or B, or leave it out.
module: activeplans
table: placementdetail
fields: [RES]
years: [2024, null]
source: DfE specification 2025, 2.5
---*/
select
    person_id,
    'placementdetail' as table_name,
    placementdetail_id as row_id,
    'RES' as field,
    res as value,
    null as detail
from placement
where res not in ('A', 'B')
order by all
