/*---
id: P09
severity: error
affects: record
title: Ethnicity code not recognised
message: >-
  The ethnicity code is not in code set CS080: it is neither a main nor an extended code.
guidance: >
  Ethnicity must be one of the DfE's four-letter codes, in capitals, for example WBRI, or NOBT if it has not been
  obtained. Usually the case system's own code was exported. Correct the code, or the mapping in the export if many
  people are affected.
module: person
table: person
fields: [Ethnicity]
years: [2023, null]
source: DfE specification 2025, 2.1; Common Basic Data Set, CS080
---*/
-- P10 reports a blank.
select
    person_id,
    'person' as table_name,
    row_id,
    'Ethnicity' as field,
    ethnicity as value,
    cast(null as varchar) as detail
from person
where ethnicity not in (select c.code from code as c where c.code_set = 'CS080')
order by all
