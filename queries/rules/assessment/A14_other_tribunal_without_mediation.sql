/*---
id: A14
severity: query
affects: record
title: Tribunal without mediation (other)
message: Another matter about the plan went to tribunal, but no mediation about it is recorded.
guidance: >
  These items are about challenges to anything other than the decision whether to issue a plan. Usually the mediation
  item was not filled in. A tribunal about the school alone needs no mediation: such cases are valid, so leave them and
  count them in the note on the whole return (see T01). Otherwise correct the mediation item.
module: assessment
table: assessment
fields: [OtherTribunal]
years: [2023, null]
source: DfE specification 2025, 2.3
---*/
select
    person_id,
    table_name,
    row_id,
    field,
    value,
    'mediation ' || coalesce(mediation, 'blank') as detail
from tribunal_without_mediation
where field = 'OtherTribunal'
order by all
