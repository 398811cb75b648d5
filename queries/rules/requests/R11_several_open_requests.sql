/*---
id: R11
severity: error
affects: figures
title: Several open requests for one person
message: The person has more than one request that is not yet decided (A).
guidance: >
  A person can have only one open request at a time. All open requests of the person are listed. Usually one request was
  entered twice, or an older one was decided or withdrawn and never closed. Remove the duplicate, or record the outcome
  of the older request.
module: requests
table: requests
fields: [RequestOutcome]
years: [2023, null]
source: DfE specification 2025, 2.2, which makes it an error
---*/
select
    person_id,
    'requests' as table_name,
    row_id,
    'RequestOutcome' as field,
    request_outcome as value,
    'received ' || uk_date(received_date) as detail
from requests
where is_undecided(request_outcome)
qualify count(*) over (partition by person_id) > 1
order by all
