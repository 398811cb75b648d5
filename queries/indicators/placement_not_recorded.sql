/*---
id: placement_not_recorded
place: 33
title: Placement not recorded
unit: people
group: plans
definition: People in the caseload without a placement that is open on census day.
base: 'people in the caseload: one active plan for each person'
age_at: aug31
published_as: null
is_count: false
note: null
source: SEN2 technical specification 2025
---*/
select
    person_id,
    'namedplan' as table_name,
    namedplan_id as row_id,
    true as in_denominator,
    placementdetail_id is null as in_numerator
from caseload_placement
order by all
