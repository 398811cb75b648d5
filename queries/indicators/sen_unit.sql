/*---
id: sen_unit
place: 30
title: In a SEN unit
unit: people
group: plans
definition: People in the caseload whose current placement is in a SEN unit.
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
    sen_unit_indicator as in_numerator
from caseload_placement
order by all
