/*---
id: N48G
severity: query
affects: record
title: The register lists no such unit or provision at this school
message: The plan names a SEN unit or resourced provision that the register does not list at this school.
guidance: >
  The register that you loaded says which mainstream schools have a SEN unit or resourced provision. Usually the
  indicator was set for support in an ordinary class, the two indicators were mixed up, or the URN is that of another
  school. Correct the indicator or the URN. If the unit exists and the register does not show it yet, leave it and say
  so in a note.
module: namedplan
table: plandetail
fields: [SENunitIndicator, ResourcedProvisionIndicator]
years: [2023, null]
source: DfE specification 2025, 2.4; Get Information about Schools
needs: establishments
needs_columns: [urn, type_code, resourced_provision]
---*/
-- N23G reports schools of other kinds. A mainstream school with a blank column has neither.
with claimed as (
    select
        person_id,
        row_id,
        'SENunitIndicator' as field,
        sen_unit_indicator_text as value,
        ['senunit', 'resourcedprovisionandsenunit'] as kinds
    from plandetail
    where sen_unit_indicator
    union all
    select
        person_id,
        row_id,
        'ResourcedProvisionIndicator' as field,
        resourced_provision_indicator_text as value,
        ['resourcedprovision', 'resourcedprovisionandsenunit'] as kinds
    from plandetail
    where resourced_provision_indicator
)

select
    c.person_id,
    'plandetail' as table_name,
    c.row_id,
    c.field,
    c.value,
    concat_ws(', ', m.establishment, 'listed: ' || coalesce(m.resourced_provision, 'nothing')) as detail
from claimed as c
inner join register_match as m on m.table_name = 'plandetail' and c.row_id = m.row_id
where m.is_mainstream and not list_contains(c.kinds, m.provision)
order by all
