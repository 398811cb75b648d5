/*---
id: N24
severity: query
affects: record
title: Plan still active after the July following the 25th birthday
message: The plan has no cease date although the July following the 25th birthday has passed.
guidance: >
  A plan can be maintained until the end of the academic year in which the young person turns 25. Usually the plan ended
  and the cease date was not recorded, or the date of birth is wrong. Enter CeaseDate and CeaseReason. The DfE asks
  about each of these plans: if the plan is still in force, explain why in a note.
module: namedplan
table: namedplan
fields: [CeaseDate]
years: [2023, null]
source: DfE specification 2025, 2.4.1, which makes it a query
---*/
select
    person_id,
    'namedplan' as table_name,
    namedplan_id as row_id,
    'CeaseDate' as field,
    cease_date_text as value,
    'expected to end by ' || uk_date(next_31_july(birthday_at(birth_date, 25))) as detail
from request_journey
where namedplan_id is not null and cease_date_text is null and $census_date > next_31_july(birthday_at(birth_date, 25))
order by all
