/*---
id: N04
severity: error
affects: figures
title: Plan before its request
message: The plan starts before its request was received.
guidance: >
  A plan cannot start before the request that led to it. Usually one of the two dates was mistyped, or a plan from an
  earlier period was put under a new request. Check ReceivedDate and StartDate. If the decision was made in an earlier
  period, the assessment outcome should be H.
module: namedplan
table: namedplan
fields: [StartDate]
years: [2023, null]
source: Logic check
---*/
select
    person_id,
    'namedplan' as table_name,
    namedplan_id as row_id,
    'StartDate' as field,
    start_date_text as value,
    'received ' || uk_date(received_date) as detail
from request_journey
where assessment_outcome is distinct from 'H' and start_date < received_date
order by all
