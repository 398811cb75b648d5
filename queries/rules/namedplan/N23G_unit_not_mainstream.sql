/*---
id: N23G
severity: query
affects: record
title: Unit or resourced provision at an establishment that is not a mainstream school
message: The plan names a SEN unit or resourced provision at an establishment that is not a mainstream school.
guidance: >
  SEN units and resourced provision are parts of mainstream schools, and the register that you loaded lists this
  establishment as another type. Usually the indicator was set for a place in a special school, where it does not apply,
  or the URN is wrong. Set the indicator to 0 or correct the URN. If the register is out of date, leave it and explain
  it in a note.
module: namedplan
table: plandetail
fields: [SENunitIndicator, ResourcedProvisionIndicator]
years: [2023, null]
source: DfE specification 2025, 2.4
needs: establishments
needs_columns: [urn, type_code]
---*/
-- N12 reports an establishment that is not in the register, and N23 one given by its UKPRN: only the URN is looked up
-- here.
select
    d.person_id,
    'plandetail' as table_name,
    d.row_id,
    if(d.sen_unit_indicator, 'SENunitIndicator', 'ResourcedProvisionIndicator') as field,
    if(d.sen_unit_indicator, d.sen_unit_indicator_text, d.resourced_provision_indicator_text) as value,
    m.establishment as detail
from plandetail as d
inner join register_match as m on m.table_name = 'plandetail' and d.row_id = m.row_id
where (d.sen_unit_indicator or d.resourced_provision_indicator) and not m.is_mainstream
order by all
