/*---
id: M46
severity: query
affects: figures
title: Final plan date outside the collection year
message: The final plan date of the phase transfer is outside the collection year.
guidance: >
  The return asks for PhaseTransferFinalDate if the final amended plan was issued in the collection year. Usually an
  older or a newer phase transfer was returned, or the year was mistyped. Leave the item out, or correct it. If your
  system cannot leave the date out, explain it in a note.
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
    'collection year ' || uk_date($year_start) || ' to ' || uk_date($year_end) as detail
from request_journey
where phase_transfer_final_date < $year_start or phase_transfer_final_date > $year_end
order by all
