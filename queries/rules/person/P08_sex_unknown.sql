/*---
id: P08
severity: query
affects: record
title: Sex is recorded as unknown
message: Sex is recorded as U, unknown.
guidance: >
  U is allowed, but sex is known for nearly everyone: U is often a default that was left when the record was opened.
  Enter M or F if you know it. You can leave U if it really is not known: say so in a note.
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
where sex = 'U'
order by all
