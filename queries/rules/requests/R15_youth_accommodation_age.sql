/*---
id: R15
severity: query
affects: record
title: Age unusual for youth accommodation
message: The request was made in youth accommodation by someone under 10, or aged 19 or over.
guidance: >
  People in relevant youth accommodation are aged 10 to 18. Usually yes was ticked by mistake, or the received date or
  the date of birth is wrong. Correct the one that is wrong. If it is right, for example because the person turned 19
  there, leave it and explain it in a note.
module: requests
table: requests
fields: [RYA]
years: [2023, null]
source: DfE specification 2025, 2.2
---*/
select
    person_id,
    'requests' as table_name,
    requests_id as row_id,
    'RYA' as field,
    rya_text as value,
    'aged ' || age_at(birth_date, received_date) || ' when received' as detail
from request_journey
where rya and (age_at(birth_date, received_date) < 10 or age_at(birth_date, received_date) >= 19)
order by all
