/*---
id: plans_over_52_weeks
place: 15
title: Plans issued after more than 52 weeks
unit: assessments
group: timeliness
definition: Plans issued more than 364 days after the request was received, with or without an exception to the limit.
base: plans issued in the collection year without mediation or a tribunal
age_at: ReceivedDate
published_as: plans_over_52_weeks/including_exceptions
is_count: false
note: Cases with mediation or a tribunal are excluded unless you choose to include them.
source: 'DfE, Education, health and care plans: data guidance 2025'
---*/
select
    person_id,
    'assessment' as table_name,
    assessment_id as row_id,
    true as in_denominator,
    days_to_decide > $fifty_two_weeks_days as in_numerator
from assessment_completed
where
    assessment_outcome = 'Y'
    and ($include_challenged or not is_challenged)
order by all
