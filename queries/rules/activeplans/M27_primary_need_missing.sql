/*---
id: M27
severity: error
affects: figures
effect: "{n} plan{s} will be missing from the tables by need"
title: Primary need missing
message: There is no type of need under the plan.
guidance: >
  Every plan in the return needs at least the primary type of need. Usually it is in the plan and was never entered in
  the case system, or was left out of the extract. Enter it as SENneed with SENtypeRank 1.
module: activeplans
table: activeplans
fields: [SENneed]
years: [2023, null]
source: DfE specification 2025, 2.5
---*/
select
    person_id,
    'activeplans' as table_name,
    activeplans_id as row_id,
    'SENneed' as field,
    null as value,
    null as detail
from placements_and_needs
where n_needs = 0
order by all
