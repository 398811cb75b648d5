/*---
id: N35
severity: query
affects: figures
title: Plan ceased before the collection year
message: The plan ceased before the collection year.
guidance: >
  The return covers plans that were active in the collection year. A plan that ceased earlier belongs in an earlier
  return. Usually old plans were not filtered out, or the year was mistyped. Remove the plan with its request, or
  correct CeaseDate. If the case belongs in this return for another reason, leave it and explain it in a note.
module: namedplan
table: namedplan
fields: [CeaseDate]
years: [2023, null]
source: DfE specification 2025, 1.3
---*/
select
    person_id,
    'namedplan' as table_name,
    row_id,
    'CeaseDate' as field,
    cease_date_text as value,
    'collection year from ' || uk_date($year_start) as detail
from namedplan
where cease_date < $year_start
order by all
