/*---
id: M35
severity: error
affects: record
title: Review outcome invalid
message: The review outcome is not M, C or A.
guidance: >
  ReviewOutcome is M (maintain the plan), C (cease it) or A (amend it), in capitals. Usually a code of the case system
  was not translated. Map it to one of the three, or leave it out if the decision has not been made.
module: activeplans
table: activeplans
fields: [ReviewOutcome]
years: [2024, null]
source: Common Basic Data Set, CS121
---*/
select
    person_id,
    'activeplans' as table_name,
    activeplans_id as row_id,
    'ReviewOutcome' as field,
    review_outcome as value,
    null as detail
from request_journey
where review_outcome not in (select code from code where code_set = 'CS121')
order by all
