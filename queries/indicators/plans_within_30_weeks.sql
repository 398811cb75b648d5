/*---
id: plans_within_30_weeks
place: 14
title: Plans issued within 30 weeks
unit: assessments
group: timeliness
definition: Plans issued at most 210 days after the request was received, with or without an exception to the limit.
base: plans issued in the collection year without mediation or a tribunal
age_at: ReceivedDate
published_as: null
is_count: false
note: No published figure. Cases with mediation or a tribunal are excluded unless you choose to include them.
source: 'DfE, Education, health and care plans: data guidance 2025'
---*/
select
    person_id,
    'assessment' as table_name,
    assessment_id as row_id,
    true as in_denominator,
    days_to_decide <= $thirty_weeks_days as in_numerator
from assessment_completed
where
    assessment_outcome = 'Y'
    and ($include_challenged or not is_challenged)
order by all
