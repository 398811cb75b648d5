/*---
id: P05
severity: error
affects: figures
title: Date of birth outside the SEND age range
message: The date of birth is after census day, or makes the person 27 or older on census day.
guidance: >
  EHC plans end by the end of the academic year in which a person turns 25, so nobody in the return should be 27 or
  older on census day, or not yet born. Usually the year was mistyped, or an old record was never closed. Correct the
  date of birth, or remove the record from the return.
module: person
table: person
fields: [PersonBirthDate]
years: [2023, null]
source: DfE specification 2025, 1.1
---*/
select
    person_id,
    'person' as table_name,
    row_id,
    'PersonBirthDate' as field,
    person_birth_date_text as value,
    if(
        person_birth_date > $census_date,
        'after census day ' || uk_date($census_date),
        'aged ' || age_at(person_birth_date, $census_date) || ' on census day'
    ) as detail
from person
where person_birth_date > $census_date or age_at(person_birth_date, $census_date) >= 27
order by all
