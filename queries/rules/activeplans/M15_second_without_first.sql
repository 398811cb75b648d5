/*---
id: M15
severity: query
affects: record
title: Secondary placement without a primary one
message: A secondary placement (rank 2) is open on census day, but no primary placement (rank 1) is.
guidance: >
  A secondary placement is for someone who has a primary one too. Usually the main placement was closed and the second
  one left open, or the only placement was given rank 2. Give rank 1 to the placement that counts, or enter the missing
  one. If the main placement really is vacant on census day, leave it and explain it in a note.
module: activeplans
table: activeplans
fields: [PlacementRank]
years: [2023, null]
source: DfE specification 2025, 2.5
---*/
select
    person_id,
    'activeplans' as table_name,
    activeplans_id as row_id,
    'PlacementRank' as field,
    null as value,
    n_open_rank_2 || ' open of rank 2, none of rank 1' as detail
from placements_and_needs
where n_open_rank_2 > 0 and n_open_rank_1 = 0
order by all
