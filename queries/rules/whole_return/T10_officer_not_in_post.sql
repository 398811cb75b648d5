/*---
id: T10
severity: info
affects: record
title: Designated officer not in post
message: A designated officer was not in post on census day.
guidance: >
  The header says N for the designated medical officer (DMO), clinical officer (DCO) or social care officer (DSCO). If
  that is right, you do not need to correct anything. If someone is being recruited, the answer is R. If someone is in
  post, it is Y.
module: whole_return
table: header
fields: [DMO, DCO, DSCO]
years: [2023, null]
source: DfE specification 2025, 2
---*/
with officer as (
    select
        row_id,
        unnest(['DMO', 'DCO', 'DSCO']) as field,
        unnest([dmo, dco, dsco]) as value
    from header
)

select
    null as person_id,
    'header' as table_name,
    row_id,
    field,
    value,
    null as detail
from officer
where value = 'N'
order by all
