/*---
id: R01
severity: error
affects: figures
effect: "{n} request{s} cannot be counted, because the outcome is missing or invalid"
title: Request outcome missing or invalid
message: The request has no outcome, or one that is not Y, N, A, W or H.
guidance: >
  Every request needs one of the five codes, in capitals: Y (assess), N (do not assess), A (not yet decided), W
  (withdrawn or ceased before the decision) or H (decided before the collection year). Usually the decision was not
  entered, or a local code is not mapped in the export. Record the outcome of the request in the case record.
module: requests
table: requests
fields: [RequestOutcome]
years: [2023, null]
source: DfE specification 2025, 2.2; Common Basic Data Set, CS116
---*/
select
    person_id,
    'requests' as table_name,
    row_id,
    'RequestOutcome' as field,
    request_outcome as value,
    null as detail
from requests
where
    request_outcome is null
    or request_outcome not in (select c.code from code as c where c.code_set = 'CS116')
order by all
