/*---
id: M03
severity: error
affects: figures
title: No placement
message: There is no placement in the ActivePlans group.
guidance: >
  Every plan in the return needs at least one placement: where the person attends or attended in the collection year, or
  a setting code such as OLA, EHE or NEET if the person is not at a school or college. Usually the placement was never
  entered, or was closed and left out of the extract. Add the PlacementDetail from the attendance record.
module: activeplans
table: activeplans
fields: [PlacementDetail]
years: [2023, null]
source: DfE specification 2025, 3.2.2
---*/
select
    person_id,
    'activeplans' as table_name,
    activeplans_id as row_id,
    'PlacementDetail' as field,
    null as value,
    null as detail
from placements_and_needs
where n_placements = 0
order by all
