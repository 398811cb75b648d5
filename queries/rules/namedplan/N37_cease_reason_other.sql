/*---
id: N37
severity: query
affects: record
title: "Other reason: more information will be asked for"
message: The plan ceased for another reason (9), so the DfE will ask for more information.
guidance: >
  The DfE asks about each plan that ceased for reason 9 (other). First check whether one of the reasons 1 to 8 fits. If
  9 is right, leave it and give the reason in a note.
module: namedplan
table: namedplan
fields: [CeaseReason]
years: [2023, null]
source: DfE specification 2025, 2.4.1, which makes it a query
---*/
select
    person_id,
    'namedplan' as table_name,
    row_id,
    'CeaseReason' as field,
    cease_reason as value,
    null as detail
from namedplan
where cease_reason = '9'
order by all
