/*---
id: M47
severity: query
affects: record
title: Final plan date before the plan started
message: The final plan date of the phase transfer is before the plan started.
guidance: >
  The final plan after a phase transfer review amends a plan that already exists. Usually StartDate was replaced with
  the date of the amended plan: it should stay the date on which the plan was first issued. Correct StartDate or the
  final date. If the plan came from another authority, leave it and explain it in a note.
module: activeplans
table: activeplans
fields: [PhaseTransferFinalDate]
years: [2025, null]
source: DfE specification 2025, 1.6.5
---*/
select
    person_id,
    'activeplans' as table_name,
    activeplans_id as row_id,
    'PhaseTransferFinalDate' as field,
    phase_transfer_final_date_text as value,
    'plan started on ' || uk_date(start_date) as detail
from request_journey
where phase_transfer_final_date < start_date
order by all
