/*---
id: P07
severity: error
title: Sex missing or invalid
message: Sex is missing or is not M, F or U.
guidance: >
  Sex has been collected in place of gender since the 2024 return: M for male, F for female, U for unknown. Correct
  it in the case record; where every person is affected, the export may still hold the gender codes of 2023.
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
