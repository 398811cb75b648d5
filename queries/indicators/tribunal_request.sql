/*---
id: tribunal_request
place: 18
title: Requests with a tribunal
unit: requests
group: mediation and tribunal
definition: Requests received in the year with a tribunal about the decision to assess.
base: requests received in the collection year
age_at: ReceivedDate
published_as: tribunal/request
is_count: false
note: null
source: 'DfE, Education, health and care plans: data guidance 2025'
---*/
select
    person_id,
    'requests' as table_name,
    requests_id as row_id,
    true as in_denominator,
    request_tribunal as in_numerator
from request_received
order by all
