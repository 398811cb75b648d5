/*---
id: N21
severity: info
affects: record
title: Unit or resourced provision indicator missing
message: The establishment has a URN, but the indicator for a SEN unit or resourced provision is blank.
guidance: >
  If an establishment has a URN, both indicators are expected: 1 if the person has a place in the SEN unit or resourced
  provision, otherwise 0. A blank indicator counts as no, so places in units and resourced provision go missing from the
  published figures. The DfE does not ask about this.
module: namedplan
table: plandetail
fields: [SENunitIndicator, ResourcedProvisionIndicator]
years: [2023, null]
source: DfE specification 2025, 2.4
---*/
-- One finding per indicator.
with blank_indicator as (
    select
        person_id,
        row_id,
        urn,
        'SENunitIndicator' as field
    from plandetail
    where sen_unit_indicator_text is null
    union all
    select
        person_id,
        row_id,
        urn,
        'ResourcedProvisionIndicator' as field
    from plandetail
    where resourced_provision_indicator_text is null
)

select
    person_id,
    'plandetail' as table_name,
    row_id,
    field,
    null as value,
    'URN ' || urn as detail
from blank_indicator
where urn is not null
order by all
