/*---
id: N20D
severity: error
affects: record
title: Placement ranks of the plan inconsistent
message: Two establishments of the plan have the same rank, or one has rank 2 and none has rank 1.
guidance: >
  One of the establishments that a plan names is the primary one (rank 1). A second one has rank 2. Usually an
  establishment from an earlier version of the plan was kept, or the ranks were not changed when one was removed.
  Correct PlacementRank in the PlanDetail groups of this plan.
module: namedplan
table: namedplan
fields: [PlacementRank]
years: [2023, null]
source: DfE specification 2025, 2.5
---*/
-- N20 reports a missing or invalid rank, which counts as no rank here.
with ranks as (
    select
        person_id,
        namedplan_id,
        count(*) filter (where placement_rank = '1') as n_first,
        count(*) filter (where placement_rank = '2') as n_second
    from plandetail
    group by person_id, namedplan_id
)

select
    person_id,
    'namedplan' as table_name,
    namedplan_id as row_id,
    'PlacementRank' as field,
    null as value,
    n_first || ' of rank 1, ' || n_second || ' of rank 2' as detail
from ranks
where n_first > 1 or n_second > 1 or (n_second > 0 and n_first = 0)
order by all
