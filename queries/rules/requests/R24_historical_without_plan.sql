/*---
id: R24
severity: query
affects: figures
title: Historical request needs a plan
message: The request is historical, but there is no plan under it.
guidance: >
  A historical request is in the return only because of a plan that started before the collection year. Without a plan
  it says nothing. Usually the plan was left out of the export, or it ceased before the collection year and the person
  does not need to be in the return. Add the plan or remove the request. If it must stay, explain it in a note.
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
    'assessment outcome ' || assessment_outcome as detail
from request_journey
where request_outcome = 'H' and namedplan_id is null
order by all
