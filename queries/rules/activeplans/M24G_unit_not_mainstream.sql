/*---
id: M24G
severity: query
affects: record
title: Unit or resourced provision at an establishment that is not a mainstream school
message: The placement is in a SEN unit or resourced provision, but the establishment is not a mainstream school.
guidance: >
  SEN units and resourced provision are special places within mainstream schools. Special schools, colleges and
  alternative provision have none in this sense. Usually the URN is that of a special school on the same site, or the
  indicator was set because the whole school is special. Correct the URN or set the indicator to 0. If your register is
  out of date, leave it and say so in a note.
module: activeplans
table: placementdetail
fields: [SENunitIndicator, ResourcedProvisionIndicator]
years: [2023, null]
source: DfE specification 2025, 2.5
needs: establishments
needs_columns: [urn, type_code]
---*/
select
    p.person_id,
    'placementdetail' as table_name,
    p.placementdetail_id as row_id,
    if(p.sen_unit_indicator, 'SENunitIndicator', 'ResourcedProvisionIndicator') as field,
    if(p.sen_unit_indicator, p.sen_unit_indicator_text, p.resourced_provision_indicator_text) as value,
    r.establishment as detail
from placement as p
inner join register_match as r on r.table_name = 'placementdetail' and p.placementdetail_id = r.row_id
where (p.sen_unit_indicator or p.resourced_provision_indicator) and not r.is_mainstream
order by all
