/*---
id: M28
severity: error
affects: figures
title: Needs and ranks inconsistent
message: The types of need, or their ranks, do not fit together.
guidance: >
  A plan has one primary need (SENtypeRank 1) and at most one secondary need (SENtypeRank 2) of another type. Usually
  both needs have the same rank, or needs from an earlier version of the plan were kept. Correct the ranks, or remove
  the needs beyond the first two: keep those that the plan puts first.
module: activeplans
table: activeplans
fields: [SENneed]
years: [2023, null]
source: DfE specification 2025, 2.5 and 3.2.2
---*/
select
    person_id,
    'activeplans' as table_name,
    activeplans_id as row_id,
    'SENneed' as field,
    null as value,
    concat_ws(
        ', ',
        n_needs || if(n_needs = 1, ' need', ' needs'),
        n_needs_rank_1 || ' of rank 1',
        n_needs_rank_2 || ' of rank 2',
        if(n_different_need_types < n_need_types, 'one type twice', null)
    ) as detail
from placements_and_needs
where
    n_needs > 0
    and (
        n_needs > 2
        or n_needs_rank_1 <> 1
        or n_needs_rank_2 > 1
        or n_different_need_types < n_need_types
    )
order by all
