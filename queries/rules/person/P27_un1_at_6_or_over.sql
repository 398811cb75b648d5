/*---
id: P27
severity: query
affects: matching
title: UN1 is only for children under 6
message: The reason is UN1, but the person is 6 or older on census day.
guidance: >
  UN1 is for a child under 6 who has not been given a UPN yet. An older child has normally been in school and has one:
  ask the school, or choose the reason that fits. Leave it only if no other reason fits, and say so in a note.
module: person
table: person
fields: [UPNunknown]
years: [2023, null]
source: DfE guide 2025
---*/
select
    person_id,
    'person' as table_name,
    row_id,
    'UPNunknown' as field,
    upn_unknown as value,
    'aged ' || age_at(person_birth_date, $census_date) || ' on census day' as detail
from person
where upn_unknown = 'UN1' and age_at(person_birth_date, $census_date) >= 6
order by all
