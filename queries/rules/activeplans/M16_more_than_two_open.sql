/*---
id: M16
severity: query
affects: record
title: More than two placements at once
message: More than two placements are open on census day.
guidance: >
  The return takes the main placement and one second placement at a time. Usually placements that have ended have no
  leaving date yet. Close those that ended before census day. If the person really attends three or more settings,
  return the two that the person attends most in a typical week or term. Otherwise explain it in a note.
module: activeplans
table: activeplans
fields: [PlacementDetail]
years: [2023, null]
source: DfE specification 2025, 2.5
---*/
select
    person_id,
    'activeplans' as table_name,
    activeplans_id as row_id,
    'PlacementDetail' as field,
    null as value,
    n_open || ' placements open' as detail
from placements_and_needs
where n_open > 2
order by all
