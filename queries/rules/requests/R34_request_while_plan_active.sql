/*---
id: R34
severity: query
affects: figures
title: New request while a plan is active
message: The request was received while the person had an active plan under another request.
guidance: >
  A person with an active plan does not need a new assessment to get one. Usually a reassessment or a review was
  recorded as a new request, the old plan was not ceased, or a date is wrong. Remove the request, or cease the old plan
  on the right day. If it is right, explain it in a note.
module: requests
table: requests
fields: [ReceivedDate]
years: [2023, null]
source: DfE specification 2025, 2.4
---*/
-- A plan runs to the day before its cease date; one with an unreadable cease date is ignored.
select
    r.person_id,
    'requests' as table_name,
    r.row_id,
    'ReceivedDate' as field,
    r.received_date_text as value,
    'plan started ' || uk_date(max(n.start_date)) as detail
from requests as r
inner join namedplan as n on r.person_id = n.person_id and r.row_id != n.requests_id
where r.received_date >= n.start_date and (n.cease_date_text is null or r.received_date < n.cease_date)
group by r.person_id, r.row_id, r.received_date_text
order by all
