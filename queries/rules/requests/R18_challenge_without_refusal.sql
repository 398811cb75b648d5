/*---
id: R18
severity: query
affects: record
title: Challenge recorded although the first decision is not a refusal
message: Mediation or a tribunal is recorded, but the first decision was not a refusal.
guidance: >
  These two items are about a challenge to a decision not to assess, so the outcome should be N. The first refusal must
  stay N even if it was overturned later. Usually the N was overwritten with Y, or a challenge about the plan was
  entered here. Change the outcome back to N, or move the challenge to the assessment. If it is right, explain it in a
  note.
module: requests
table: requests
fields: [RequestMediation, RequestTribunal]
years: [2023, null]
source: DfE specification 2025, 2.2
---*/
select
    person_id,
    'requests' as table_name,
    row_id,
    if(request_mediation, 'RequestMediation', 'RequestTribunal') as field,
    if(request_mediation, request_mediation_text, request_tribunal_text) as value,
    'outcome ' || coalesce(request_outcome, 'blank') as detail
from requests
where (request_mediation or request_tribunal) and request_outcome is distinct from 'N'
order by all
