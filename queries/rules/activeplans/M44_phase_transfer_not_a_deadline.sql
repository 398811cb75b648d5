/*---
id: M44
severity: query
affects: record
title: Phase transfer deadlines are 15 February or 31 March
message: The phase transfer due date is neither 15 February nor 31 March.
guidance: >
  Plans must be reviewed and amended by 15 February before a move between phases of school, and by 31 March before a
  move from school to a post-16 setting. PhaseTransferDueDate is that deadline, not the date on which the work was done.
  Enter the deadline. If another deadline applies, such as five months before a move between post-16 settings, leave it
  and explain it in a note.
module: activeplans
table: activeplans
fields: [PhaseTransferDueDate]
years: [2025, null]
source: SEND Regulations 2014, regulation 18
---*/
-- A blank item is not a wrong deadline: M45 reports a missing one.
select
    person_id,
    'activeplans' as table_name,
    activeplans_id as row_id,
    'PhaseTransferDueDate' as field,
    phase_transfer_due_date_text as value,
    null as detail
from request_journey
where strftime(phase_transfer_due_date, '%m-%d') not in ('02-15', '03-31')
order by all
