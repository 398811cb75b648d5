/*---
id: P33
severity: error
affects: figures
effect: "{n} record{s} will not count in any figure, because there is no request"
title: Person without a request record
message: The person has no Requests group.
guidance: >
  Everyone in the return is there because of at least one request, transfer or plan, and all of it belongs in a Requests
  group, even for people with an old plan (outcome H). Usually the request was never recorded for a historical plan, or
  the person was exported by mistake. Add the request, or remove the person.
module: person
table: person
fields: [Requests]
years: [2023, null]
source: DfE specification 2025, 3.2.2
---*/
select
    person_id,
    'person' as table_name,
    row_id,
    'Requests' as field,
    cast(null as varchar) as value,
    cast(null as varchar) as detail
from person
where row_id not in (select r.person_id from requests as r)
order by all
