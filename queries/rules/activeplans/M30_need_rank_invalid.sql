/*---
id: M30
severity: error
affects: figures
title: Rank of need missing or invalid
message: The rank of the need is missing or is not 1 or 2.
guidance: >
  SENtypeRank is 1 for the primary and 2 for the secondary need. Usually a plan with one need has no rank in the case
  system, or a third need was sent. Enter the rank in the order in which the plan puts the needs. Leave out needs beyond
  the second.
module: activeplans
table: senneed
fields: [SENtypeRank]
years: [2023, null]
source: DfE specification 2025, 2.5
---*/
select
    person_id,
    'senneed' as table_name,
    row_id,
    'SENtypeRank' as field,
    sen_type_rank as value,
    'SENtype ' || sen_type as detail
from senneed
where sen_type_rank is null or sen_type_rank not in ('1', '2')
order by all
