/*---
id: N20
severity: error
affects: record
title: Placement rank missing or invalid
message: The placement rank of the establishment named is missing, or is not 1 or 2.
guidance: >
  Each PlanDetail needs a PlacementRank: 1 for the primary establishment, 2 for the secondary one. Usually the rank was
  not recorded because the plan names only one establishment: enter 1.
module: namedplan
table: plandetail
fields: [PlacementRank]
years: [2023, null]
source: DfE specification 2025, 2.5
---*/
select
    person_id,
    'plandetail' as table_name,
    row_id,
    'PlacementRank' as field,
    placement_rank as value,
    null as detail
from plandetail
where placement_rank is null or placement_rank not in ('1', '2')
order by all
