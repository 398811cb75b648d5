/*---
id: R22
severity: query
affects: figures
title: Historical request with a current assessment
message: The request is historical, but its assessment is not (its outcome is Y, N or A).
guidance: >
  H means that the plan was agreed before the collection year, so the assessment should be H too. If the assessment is
  from this year, the request needs its real outcome (usually Y), dates and answers. Correct the one that is wrong. If
  both are right, explain it in a note.
module: requests
table: requests
fields: [RequestOutcome]
years: [2023, null]
source: DfE specification 2025, 2.3
---*/
select
    person_id,
    'requests' as table_name,
    requests_id as row_id,
    'RequestOutcome' as field,
    request_outcome as value,
    'assessment outcome ' || assessment_outcome as detail
from request_journey
where request_outcome = 'H' and assessment_outcome in ('Y', 'N', 'A')
order by all
