/*---
id: R21
severity: error
affects: figures
title: Later modules not expected with this outcome
message: The request is open or withdrawn, but there is a decided assessment, a plan or a placement under it.
guidance: >
  A request that is not yet decided (A) or was withdrawn (W) cannot have led to a finished assessment, a plan or
  placements. Usually the request outcome was never updated, or the later records belong to another request of the
  person. Correct the outcome or move the records.
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
    concat_ws(
        ', ', 'assessment outcome ' || assessment_outcome, if(namedplan_id is not null, 'a plan', null),
        if(activeplans_id is not null, 'placements', null)
    ) as detail
from request_journey
where
    request_outcome in ('A', 'W')
    and (assessment_outcome in ('Y', 'N', 'H') or namedplan_id is not null or activeplans_id is not null)
order by all
