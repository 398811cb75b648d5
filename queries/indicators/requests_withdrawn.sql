/*---
id: requests_withdrawn
place: 6
title: Requests withdrawn
unit: requests
group: requests
definition: Requests received in the year that were withdrawn, or ceased, before the decision.
base: requests received in the collection year
age_at: ReceivedDate
published_as: requests/withdrawn
is_count: false
note: null
source: 'DfE, Education, health and care plans: data guidance 2025'
---*/
select
    person_id,
    'requests' as table_name,
    requests_id as row_id,
    true as in_denominator,
    request_outcome = 'W' as in_numerator
from request_received
order by all
