/*---
id: M33
severity: {2024: info, 2025: query}
affects: figures
effect: "{n} annual review{s} will count as not held"
title: Annual review expected but none returned
message: The plan is more than a year old, but the return has no review meeting for it.
guidance: >
  A plan that started before the collection year should have had an annual review in it, and the review items are part
  of the return. Enter the date of the last review meeting. If no review has been held, leave it and explain in a note
  how many cases there are and why.
module: activeplans
table: activeplans
fields: [ReviewMeeting]
years: [2024, null]
source: DfE specification 2025, 2.5
---*/
select
    person_id,
    'activeplans' as table_name,
    activeplans_id as row_id,
    'ReviewMeeting' as field,
    null as value,
    'plan started on ' || uk_date(start_date) as detail
from request_journey
where
    is_active
    and start_date < $year_start
    and activeplans_id is not null
    and review_meeting_text is null
order by all
