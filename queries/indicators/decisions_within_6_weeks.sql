/*---
id: decisions_within_6_weeks
place: 7
title: Decisions to assess made within 6 weeks
unit: requests
group: timeliness
definition: Decisions whether to assess that were made at most 42 days after the request was received. A date before
  it counts as within.
base: decisions whether to assess made in the collection year, of requests with a date received
age_at: ReceivedDate
published_as: request_decisions/within_6_weeks
is_count: false
note: What the published base holds is not fully known.
source: 'DfE, Education, health and care plans: data guidance 2025'
---*/
select
    person_id,
    'requests' as table_name,
    requests_id as row_id,
    true as in_denominator,
    days_from(received_date, request_outcome_date) <= $six_weeks_days as in_numerator
from request_journey
where
    is_within(request_outcome_date, $year_start, $year_end)
    and request_outcome in ('Y', 'N')
    and received_date is not null
order by all
