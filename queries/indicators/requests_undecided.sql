/*---
id: requests_undecided
place: 5
title: 'Requests: decision awaited'
unit: requests
group: requests
definition: Requests received in the year that still wait for a decision.
base: requests received in the collection year
age_at: ReceivedDate
published_as: requests/outstanding
is_count: false
note: null
source: 'DfE, Education, health and care plans: data guidance 2025'
---*/
select
    person_id,
    'requests' as table_name,
    requests_id as row_id,
    true as in_denominator,
    is_undecided(request_outcome) as in_numerator
from request_received
order by all
