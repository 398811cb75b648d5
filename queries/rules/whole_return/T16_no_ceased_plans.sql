/*---
id: T16
severity: query
affects: figures
title: No plan ceased in the whole return
message: The return has at least 100 plans and none has ceased.
guidance: >
  Every year some plans cease: people reach the age limit, move away or no longer need the plan. In 2026 the DfE
  withheld the figures on ceased plans of one authority. Usually the extract has only active plans, or leaves CeaseDate
  out. Include the plans that ceased in the collection year, each with its CeaseDate and CeaseReason.
module: whole_return
table: return
fields: [CeaseDate]
years: [2023, null]
source: DfE statistics 2026, footnotes
withheld: true
---*/
with counted as (
    select
        count(*) as n_plans,
        count(cease_date) as n_ceased
    from namedplan
)

select
    null as person_id,
    'return' as table_name,
    null as row_id,
    'CeaseDate' as field,
    null as value,
    n_plans || ' plans' as detail
from counted
where n_plans >= 100 and n_ceased = 0
order by all
