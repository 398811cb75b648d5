/*---
id: decisions_not_to_issue_within_16_weeks
place: 10
title: Decisions not to issue made within 16 weeks
unit: assessments
group: timeliness
definition: Decisions not to issue a plan that were made at most 112 days after the request was received. A date before
  it counts as within.
base: decisions not to issue a plan made in the collection year, of requests with a date received
age_at: ReceivedDate
published_as: not_issued_decisions/within_16_weeks
is_count: false
note: null
source: 'DfE, Education, health and care plans: data guidance 2025'
---*/
select
    person_id,
    'assessment' as table_name,
    assessment_id as row_id,
    true as in_denominator,
    days_to_decide <= $sixteen_weeks_days as in_numerator
from assessment_completed
where assessment_outcome = 'N' and received_date is not null
order by all
