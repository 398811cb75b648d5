/*---
id: A11
severity: query
affects: figures
title: 20-week exception item missing
message: The assessment led to a plan, but does not say whether an exception to the 20 weeks applied.
guidance: >
  The published 20-week figure leaves out plans with an exception. Usually the item was left blank because there was
  none: if so, enter 0. Enter 1 if one of the exceptions in the regulations applied. If you do not know, leave it blank
  and say so in a note.
module: assessment
table: assessment
fields: [Week20]
years: [2023, null]
source: DfE specification 2025, 2.3
---*/
select
    person_id,
    'assessment' as table_name,
    row_id,
    'Week20' as field,
    null as value,
    'outcome ' || assessment_outcome as detail
from assessment
where week20_text is null and assessment_outcome = 'Y'
order by all
