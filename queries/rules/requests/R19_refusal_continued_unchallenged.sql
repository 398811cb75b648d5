/*---
id: R19
severity: query
affects: figures
title: Refused request continued without a recorded challenge
message: The request was refused, but it has an assessment, and no mediation or tribunal is recorded.
guidance: >
  A refused request goes no further unless the decision was changed, usually after mediation or a tribunal. Check
  whether the challenge was left out, whether the outcome should be Y, or whether the assessment belongs to another
  request. If the authority changed its own decision, leave it and say so in a note.
module: requests
table: requests
fields: [RequestOutcome]
years: [2023, null]
source: DfE specification 2025, 2.2
---*/
select
    person_id,
    'requests' as table_name,
    requests_id as row_id,
    'RequestOutcome' as field,
    request_outcome as value,
    'assessment outcome ' || coalesce(assessment_outcome, 'blank') as detail
from request_journey
where
    request_outcome = 'N'
    and assessment_id is not null
    and request_mediation is not true
    and request_tribunal is not true
order by all
