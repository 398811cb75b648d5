/*---
id: R14
severity: query
affects: record
title: Youth accommodation item missing
message: A decided request does not say whether it was made in youth accommodation.
guidance: >
  For the outcomes Y and N the return must say whether the person was in relevant youth accommodation (a young offender
  institution, secure training centre or secure children's home) when the request was made. The answer is nearly always
  no: if so, enter 0. Leave it blank only if you cannot find the answer, and say so in a note.
module: requests
table: requests
fields: [RYA]
years: [2023, null]
source: DfE specification 2025, 2.2
---*/
select
    person_id,
    'requests' as table_name,
    row_id,
    'RYA' as field,
    null as value,
    'outcome ' || request_outcome as detail
from requests
where rya_text is null and request_outcome in ('Y', 'N')
order by all
