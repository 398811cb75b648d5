/*---
id: R31
severity: query
affects: figures
title: Transfer recorded but the case is still open
message: The person moved to another authority, but neither the request nor the assessment is withdrawn (W).
guidance: >
  When a person moves away before the end of the process, you record the open step as W and enter the receiving
  authority in Exported. Usually the outcome was left at A or Y. Set the open step to W, or remove Exported if the
  person did not move. If it is right, explain it in a note.
module: requests
table: requests
fields: [Exported]
years: [2023, null]
source: DfE specification 2025, 2.3
---*/
select
    person_id,
    'requests' as table_name,
    requests_id as row_id,
    'Exported' as field,
    exported as value,
    'request outcome ' || coalesce(request_outcome, 'blank')
    || ', assessment outcome ' || coalesce(assessment_outcome, 'blank') as detail
from request_journey
where
    exported in (select c.code from code as c where c.code_set = 'CS003')
    and request_outcome is distinct from 'W'
    and assessment_outcome is distinct from 'W'
order by all
