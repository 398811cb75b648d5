/*---
id: plans_within_20_weeks
place: 12
title: Plans issued within 20 weeks, without exceptions
unit: assessments
group: timeliness
definition: Plans issued at most 20 weeks after the request was received, leaving out those with an exception to the
  limit. A plan without a date received counts as late.
base: plans issued in the collection year without mediation or a tribunal and without an exception
age_at: ReceivedDate
published_as: plans_within_20_weeks/excluding_exceptions
is_count: false
note: The headline rate. 20 weeks are 140 days, or 139 where the setting says that the day of receipt is day one.
  Cases with mediation or a tribunal are excluded unless you choose to include them.
source: 'DfE, Education, health and care plans: data guidance 2025'
---*/
select
    person_id,
    'assessment' as table_name,
    assessment_id as row_id,
    true as in_denominator,
    days_to_decide <= $twenty_weeks_days as in_numerator
from assessment_completed
where
    assessment_outcome = 'Y'
    and ($include_challenged or not is_challenged)
    and not is_exception
order by all
