/*---
id: N38
severity: query
affects: record
title: Not at the maximum age
message: The plan ceased because of the maximum age, but the person was not at that age.
guidance: >
  Reason 1 is for plans that end because the young person is at the maximum age: 25 by the end of that academic year.
  Usually the young person left school or college at another age and reason 1 was chosen for that. This rule does not
  report plans that ended at 19. Correct CeaseReason, CeaseDate or the date of birth, or leave it and explain it in a
  note.
module: namedplan
table: namedplan
fields: [CeaseReason]
years: [2023, null]
source: Common Basic Data Set, CS113
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
    cease_reason = '1'
    and age_at(birth_date, next_31_august(cease_date)) < 25
    and age_at(birth_date, cease_date) <> 19
order by all
