/*---
id: requests_received
place: 2
title: Requests received in the year
unit: requests
group: requests
definition: Requests received in the collection year, whatever became of them. Historical requests (outcome H) do
  not count.
base: requests received in the collection year
age_at: ReceivedDate
published_as: requests/Total
is_count: true
note: null
source: 'DfE, Education, health and care plans: data guidance 2025'
---*/
select
    person_id,
    'requests' as table_name,
    requests_id as row_id,
    true as in_denominator,
    true as in_numerator
from request_received
order by all
