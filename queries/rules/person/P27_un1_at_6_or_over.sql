/*---
id: P27
severity: query
title: UN1 is only for children under 6
message: UN1 is given for someone who is 6 or older on the census date.
guidance: >
  UN1 is for a child under 6 to whom no UPN has been given yet. An older child has normally been in school and has
  one: ask the school, or choose the reason that fits. Leave it only where no other reason does, and say so in a
  note.
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
    'aged ' || age_at(person_birth_date, $census_date) || ' on the census date' as detail
from person
where upn_unknown = 'UN1' and age_at(person_birth_date, $census_date) >= 6
order by all
