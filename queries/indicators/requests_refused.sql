/*---
id: requests_refused
place: 4
title: Requests refused
unit: requests
group: requests
definition: Requests received in the year after which the authority decided not to assess.
base: requests received in the collection year
age_at: ReceivedDate
published_as: requests/refused
is_count: false
note: The rate is of requests received, not of decisions.
source: 'DfE, Education, health and care plans: data guidance 2025'
---*/
select
    person_id,
    'requests' as table_name,
    requests_id as row_id,
    true as in_denominator,
    request_outcome = 'N' as in_numerator
from request_received
order by all
