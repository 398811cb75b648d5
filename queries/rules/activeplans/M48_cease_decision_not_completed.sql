/*---
id: M48
severity: info
affects: record
title: Decision to cease not completed
message: The review decided to cease the plan more than six months ago, but the plan is still active.
guidance: >
  After a decision to cease, the plan is closed once the time for an appeal is over. Enter CeaseDate and CeaseReason if
  the plan has ended, or SENsetting NIEC if the person is out of education after the notice. If an appeal is running,
  the return is right and you do not need to change it.
module: activeplans
table: activeplans
fields: [ReviewOutcome]
years: [2024, null]
source: DfE specification 2025, 2.4.1
---*/
select
    j.person_id,
    'activeplans' as table_name,
    j.activeplans_id as row_id,
    'ReviewOutcome' as field,
    j.review_outcome as value,
    'decision on ' || uk_date(j.last_review) as detail
from request_journey as j
inner join placements_and_needs as g on j.activeplans_id = g.activeplans_id
where
    j.is_active
    and j.review_outcome = 'C'
    and days_from(j.last_review, $census_date) > 183
    and g.n_open_niec = 0
order by all
