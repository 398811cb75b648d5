/*---
id: P28
severity: query
affects: matching
title: UN9 is for young people
message: The reason is UN9, but the person is under 16 on census day.
guidance: >
  UN9 is for a young person who has never attended a state-funded school or further education in England. For a child
  use UN2 (never in a state-funded school) or UN3 (educated outside England). Check the date of birth too. One of the
  other codes always fits a child, so you never need to leave this.
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
where upn_unknown = 'UN9' and age_at(person_birth_date, $census_date) < 16
order by all
