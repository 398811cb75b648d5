/*---
id: resourced_provision
place: 31
title: In resourced provision
unit: people
group: plans
definition: People in the caseload whose current placement is in resourced provision.
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
    resourced_provision_indicator as in_numerator
from caseload_placement
order by all
