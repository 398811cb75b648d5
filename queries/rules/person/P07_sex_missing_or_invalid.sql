/*---
id: P07
severity: error
affects: record
title: Sex missing or invalid
message: Sex is missing or is not M, F or U.
guidance: >
  The return has collected sex instead of gender since 2024: M for male, F for female, U for unknown. Correct it in the
  case record. If it is wrong for everyone, the export may still use the gender codes of 2023.
module: person
table: person
fields: [Sex]
years: [2024, null]
source: Common Basic Data Set, CS119
---*/
select
    person_id,
    'person' as table_name,
    row_id,
    'Sex' as field,
    sex as value,
    cast(null as varchar) as detail
from person
where sex is null or sex not in (select c.code from code as c where c.code_set = 'CS119')
order by all
