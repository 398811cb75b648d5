/*---
id: M14
severity: query
affects: figures
title: Overlapping placements of the same rank
message: Two placements of the same rank under one plan cover the same days.
guidance: >
  At any time a person has one placement of rank 1 and at most one of rank 2. Usually the earlier placement was not
  closed when the next one began, or a second placement should have rank 2. Enter the leaving date or correct the rank.
  A placement may begin on the day on which the one before it ends. If the person really attends two places equally,
  leave it and explain it in a note.
module: activeplans
table: placementdetail
fields: [PlacementRank]
years: [2023, null]
source: DfE specification 2025, 2.5
---*/
-- This joins the table to itself, so both placements of each pair are reported, each once.
select
    a.person_id,
    'placementdetail' as table_name,
    a.row_id,
    'PlacementRank' as field,
    a.placement_rank as value,
    'overlaps the placement that began ' || uk_date(min(b.entry_date)) as detail
from placementdetail as a
inner join placementdetail as b on a.activeplans_id = b.activeplans_id and a.placement_rank = b.placement_rank
where
    a.row_id <> b.row_id
    and a.placement_rank in ('1', '2')
    and share_a_day(
        a.entry_date, a.leaving_date, a.leaving_date_text, b.entry_date, b.leaving_date, b.leaving_date_text
    )
group by a.person_id, a.row_id, a.placement_rank
order by all
