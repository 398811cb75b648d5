/*---
id: N25
severity: query
affects: record
title: Plan ceased after the July following the 25th birthday
message: The plan ceased after the July following the 25th birthday.
guidance: >
  A plan can be maintained until the end of the academic year in which the young person turns 25. Usually the date on
  which the case was closed in the system was sent instead of the date on which the plan ended. Correct CeaseDate or the
  date of birth. If the date is right, explain it in a note.
module: namedplan
table: namedplan
fields: [CeaseDate]
years: [2023, null]
source: DfE specification 2025, 2.4.1
---*/
select
    person_id,
    'namedplan' as table_name,
    namedplan_id as row_id,
    'CeaseDate' as field,
    cease_date_text as value,
    'expected to end by ' || uk_date(next_31_july(birthday_at(birth_date, 25))) as detail
from request_journey
where cease_date > next_31_july(birthday_at(birth_date, 25))
order by all
