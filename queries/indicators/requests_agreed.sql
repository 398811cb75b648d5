/*---
id: requests_agreed
place: 3
title: 'Requests: decided to assess'
unit: requests
group: requests
definition: Requests received in the year after which the authority decided to assess.
base: requests received in the collection year
age_at: ReceivedDate
published_as: requests/decided_to_assess
is_count: false
note: null
source: 'DfE, Education, health and care plans: data guidance 2025'
---*/
select
    person_id,
    'requests' as table_name,
    requests_id as row_id,
    true as in_denominator,
    request_outcome = 'Y' as in_numerator
from request_received
order by all
