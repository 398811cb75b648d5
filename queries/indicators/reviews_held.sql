/*---
id: reviews_held
place: 24
title: Annual review meetings recorded
unit: people
group: reviews
definition: People whose annual review was expected and who have the date of a review meeting, in whatever year.
base: people in the caseload whose plan started before the collection year
age_at: aug31
published_as: annual_reviews/meeting_recorded
is_count: false
from_year: 2024
note: In a 2023 return there are no review meetings.
source: 'DfE, Education, health and care plans: data guidance 2025'
---*/
select
    person_id,
    'namedplan' as table_name,
    namedplan_id as row_id,
    true as in_denominator,
    review_meeting is not null as in_numerator
from review_expected
order by all
