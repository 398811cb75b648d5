/*---
id: N31
severity: query
affects: record
title: Personal budget without arrangements or payments
message: There is a personal budget, but neither organised arrangements nor direct payments.
guidance: >
  A personal budget is delivered by organised arrangements (OA), by direct payments (DP), or by both. Usually the
  details were not recorded. Set OA to 1 or enter the DP code, or set PB to 0 if there is no budget. If it is not
  settled yet how the budget will be delivered, leave it and explain it in a note.
module: namedplan
table: namedplan
fields: [OA, DP]
years: [2023, null]
source: DfE specification 2025, 2.4
---*/
select
    person_id,
    'namedplan' as table_name,
    row_id,
    'OA' as field,
    oa_text as value,
    null as detail
from namedplan
where pb and oa is not true and dp is null
order by all
