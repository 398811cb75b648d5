/*---
id: review_decisions_within_4_weeks
place: 25
title: Review outcomes told within 4 weeks
unit: people
group: reviews
definition: People who were told the outcome of their annual review at most 28 days after the meeting.
base: people whose review was expected, with a date of the meeting and a date on which they were told
age_at: aug31
published_as: annual_review_decisions/within_4_weeks
is_count: false
from_year: 2024
note: null
source: 'DfE, Education, health and care plans: data guidance 2025'
---*/
select
    person_id,
    'namedplan' as table_name,
    namedplan_id as row_id,
    true as in_denominator,
    days_from(review_meeting, last_review) <= $four_weeks_days as in_numerator
from review_expected
where review_meeting is not null and last_review is not null
order by all
