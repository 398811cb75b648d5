/*---
id: A13
severity: query
affects: record
title: Tribunal without mediation (assessment)
message: The decision whether to issue a plan went to tribunal, but no mediation is recorded.
guidance: >
  A tribunal normally follows mediation. Usually the mediation item was not filled in. A tribunal without mediation is
  valid, but the DfE asks for a note on the whole return with the number of such cases: see T01. If there was mediation,
  correct the mediation item. Otherwise leave the entry.
module: assessment
table: assessment
fields: [AssessmentTribunal]
years: [2023, null]
source: DfE specification 2025, 2.3, which makes it a query
---*/
select
    person_id,
    table_name,
    row_id,
    field,
    value,
    'mediation ' || coalesce(mediation, 'blank') as detail
from tribunal_without_mediation
where field = 'AssessmentTribunal'
order by all
