/*---
id: T14
severity: query
affects: figures
title: No phase transfer due date in the whole return
message: The return has at least 100 plans on census day, but no phase transfer due date.
guidance: >
  In an authority of this size some children are always due to move to their next phase of education. In the figures
  published in 2026, 15 authorities have no due date at all, and the DfE withheld the phase transfers of one other
  authority. Usually the item is left blank in the case system, or the extract leaves it out. Add PhaseTransferDueDate
  for the plans that had to be reviewed for a transfer.
module: whole_return
table: return
fields: [PhaseTransferDueDate]
years: [2026, null]
source: DfE statistics 2026, tables
withheld: true
---*/
-- An invalid date counts as a date here: H21 reports it.
with counted as (
    select
        (select count(*) from caseload) as n_plans,
        count(phase_transfer_due_date_text) as n_due
    from activeplans
)

select
    null as person_id,
    'return' as table_name,
    null as row_id,
    'PhaseTransferDueDate' as field,
    null as value,
    n_plans || ' plans on census day' as detail
from counted
where n_plans >= 100 and n_due = 0
order by all
