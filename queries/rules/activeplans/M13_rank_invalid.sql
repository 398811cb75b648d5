/*---
id: M13
severity: error
affects: figures
title: Placement rank missing or invalid
message: The placement rank is missing or is not 1 or 2.
guidance: >
  PlacementRank says whether a placement is the main one (1) or a second one at the same time (2). Without it nobody can
  tell which of two placements is the main one. Usually it was not recorded because the person has only one placement:
  enter 1.
module: activeplans
table: placementdetail
fields: [PlacementRank]
years: [2023, null]
source: DfE specification 2025, 2.5
---*/
select
    person_id,
    'placementdetail' as table_name,
    placementdetail_id as row_id,
    'PlacementRank' as field,
    placement_rank as value,
    null as detail
from placement
where placement_rank is null or placement_rank not in ('1', '2')
order by all
