/*---
id: R14
severity: query
title: Youth accommodation item missing
message: A decided request does not say whether it was made in youth accommodation.
guidance: >
  For the outcomes Y and N the return must say whether the person was in relevant youth accommodation (a young
  offender institution, secure training centre or secure children's home) when the request was made. Nearly always the
  answer is no: where it is, enter 0. A blank may stay only if the answer cannot be found: say so in a note.
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
