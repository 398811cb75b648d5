/*---
id: N29Q
severity: query
affects: figures
title: Personal budget item missing on a ceased plan
message: The plan has ceased and does not say whether there was a personal budget.
guidance: >
  PB is also expected for plans that have ceased: 1 if a personal budget was taken up, 0 if none was. Enter 1 or 0 if
  the case record says. If you can no longer find out, leave it and explain it in a note.
module: namedplan
table: namedplan
fields: [PB]
years: [2023, null]
source: DfE specification 2025, 2.4
---*/
select
    person_id,
    'namedplan' as table_name,
    namedplan_id as row_id,
    'PB' as field,
    pb_text as value,
    'ceased ' || uk_date(cease_date) as detail
from request_journey
where pb_text is null and has_ceased
order by all
