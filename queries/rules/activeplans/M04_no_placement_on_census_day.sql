/*---
id: M04
severity: query
affects: figures
effect: "{n} plan{s} will count under 'placement not recorded'"
title: No placement on census day
message: The plan is active on census day, but none of its placements is open that day.
guidance: >
  The published figures count this person as "placement not recorded". Usually the last placement was closed and the
  next one is not entered yet, or an entry or leaving date is wrong. Enter where the person is on census day. Someone
  who is not placed anywhere needs a setting code such as NEET, NIEO or OLA. Leave it only if you really do not know the
  placement, and say so in a note.
module: activeplans
table: activeplans
fields: [PlacementDetail]
years: [2023, null]
source: DfE statistics 2026, category 'not recorded'
---*/
select
    j.person_id,
    'activeplans' as table_name,
    j.activeplans_id as row_id,
    'PlacementDetail' as field,
    null as value,
    g.n_placements || if(g.n_placements = 1, ' placement', ' placements') || ', none of them open' as detail
from request_journey as j
inner join placements_and_needs as g on j.activeplans_id = g.activeplans_id
where j.is_active and g.n_placements > 0 and g.n_open = 0
order by all
