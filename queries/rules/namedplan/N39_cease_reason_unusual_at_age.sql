/*---
id: N39
severity: query
affects: record
title: Cease reason unusual at this age
message: The person was unusually young for this cease reason.
guidance: >
  Paid employment (4) and no longer wishing to take part (6) are unusual before the age of 16, and higher education (3)
  before 17. Usually the wrong code was chosen, or the date of birth is wrong. Correct it, or leave it and explain it in
  a note.
module: namedplan
table: namedplan
fields: [CeaseReason]
years: [2023, null]
source: Logic check
---*/
select
    person_id,
    'namedplan' as table_name,
    namedplan_id as row_id,
    'CeaseReason' as field,
    cease_reason as value,
    'age ' || age_at(birth_date, cease_date) || ' on ' || uk_date(cease_date) as detail
from request_journey
where
    (cease_reason in ('4', '6') and age_at(birth_date, cease_date) < 16)
    or (cease_reason = '3' and age_at(birth_date, cease_date) < 17)
order by all
