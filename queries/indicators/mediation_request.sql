/*---
id: mediation_request
place: 17
title: Requests with mediation
unit: requests
group: mediation and tribunal
definition: Requests received in the year with mediation about the decision to assess.
base: requests received in the collection year
age_at: ReceivedDate
published_as: mediation/request
is_count: false
note: null
source: 'DfE, Education, health and care plans: data guidance 2025'
---*/
select
    person_id,
    'requests' as table_name,
    requests_id as row_id,
    true as in_denominator,
    request_mediation as in_numerator
from request_received
order by all
