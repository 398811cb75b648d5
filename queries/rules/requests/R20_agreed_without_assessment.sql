/*---
id: R20
severity: error
affects: figures
title: Agreed request has no assessment
message: The authority agreed to assess, but the return holds no assessment for the request.
guidance: >
  Each request with the outcome Y needs an assessment under it, even if that is still open (A) or was withdrawn (W).
  Usually the assessment was not started in the case system, or is under another request. Add it. If the person moved to
  another authority before the assessment ended, record it as withdrawn (W) and enter that authority in Exported.
module: requests
table: requests
fields: [RequestOutcome]
years: [2023, null]
source: DfE specification 2025, 1.3.6 and 2.3
---*/
select
    person_id,
    'requests' as table_name,
    requests_id as row_id,
    'RequestOutcome' as field,
    request_outcome as value,
    'decided ' || uk_date(request_outcome_date) as detail
from request_journey
where request_outcome = 'Y' and assessment_id is null and exported is null
order by all
