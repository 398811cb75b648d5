/*---
id: M45
severity: {2025: info, 2026: query}
affects: figures
title: Phase transfer due date expected
message: The person is in year 6 or year 11 by age, but there is no phase transfer due date.
guidance: >
  Pupils in year 6 and year 11 are about to move to secondary school or to a post-16 setting, and their plans must be
  amended by 15 February or 31 March. Enter that deadline in PhaseTransferDueDate. If the person is taught outside the
  usual year group or stays at an all-through school, leave it and explain it in a note.
module: activeplans
table: activeplans
fields: [PhaseTransferDueDate]
years: [2025, null]
source: DfE specification 2025, 1.6.4
---*/
select
    person_id,
    'activeplans' as table_name,
    activeplans_id as row_id,
    'PhaseTransferDueDate' as field,
    null as value,
    'aged ' || age_at(birth_date, $august_31) || ' on ' || uk_date($august_31) as detail
from request_journey
where
    is_active
    and activeplans_id is not null
    and age_at(birth_date, $august_31) in (10, 15)
    and phase_transfer_due_date_text is null
order by all
