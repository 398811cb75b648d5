/*---
id: R05
severity: query
affects: record
title: Received before EHC plans existed
message: The request was received before 1 September 2014, when EHC plans began.
guidance: >
  There were no requests for EHC needs assessments before September 2014. Usually the date of an older statement of SEN
  was carried over, or the year was mistyped. Correct the date. If the plan started before the collection year, use the
  outcome H instead.
module: requests
table: requests
fields: [ReceivedDate]
years: [2023, null]
source: Children and Families Act 2014
---*/
select
    person_id,
    'requests' as table_name,
    row_id,
    'ReceivedDate' as field,
    received_date_text as value,
    'outcome ' || request_outcome as detail
from requests
where received_date < date '2014-09-01' and request_outcome is distinct from 'H'
order by all
