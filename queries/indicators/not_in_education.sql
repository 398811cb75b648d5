/*---
id: not_in_education
place: 32
title: Not in education, employment or training
unit: people
group: plans
definition: People in the caseload whose current placement is recorded as not in education (NEET, NIEC or NIEO).
base: 'people in the caseload: one active plan for each person'
age_at: aug31
published_as: null
is_count: false
note: The current placement is the one open on census day under the plan, primary before secondary, then the latest.
source: SEN2 technical specification 2025
---*/
select
    person_id,
    'namedplan' as table_name,
    namedplan_id as row_id,
    true as in_denominator,
    sen_setting in ('NEET', 'NIEC', 'NIEO') as in_numerator
from caseload_placement
order by all
