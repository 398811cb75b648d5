/*---
id: reviews_expected
place: 23
title: Annual reviews expected
unit: people
group: reviews
definition: People in the caseload whose plan started before the collection year, so that a review was due in it.
base: 'people in the caseload: one active plan for each person'
age_at: aug31
published_as: annual_reviews/expected
is_count: false
note: null
source: 'DfE, Education, health and care plans: data guidance 2025'
---*/
select
    person_id,
    'namedplan' as table_name,
    namedplan_id as row_id,
    true as in_denominator,
    start_date < $year_start as in_numerator
from caseload
order by all
