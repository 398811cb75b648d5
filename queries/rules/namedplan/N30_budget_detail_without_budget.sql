/*---
id: N30
severity: query
affects: record
title: Budget detail without a personal budget
message: There is no personal budget, but there are organised arrangements or direct payments.
guidance: >
  OA and DP say how a personal budget is delivered, so they go only with PB yes. Usually PB was left at no when the
  budget was set up, or an earlier budget ended. Correct PB, or set OA to 0 and remove DP. If the budget ended and you
  keep the details on purpose, leave it and explain it in a note.
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
    if(oa, 'OA', 'DP') as field,
    if(oa, oa_text, dp) as value,
    null as detail
from namedplan
where not pb and (oa or dp is not null)
order by all
