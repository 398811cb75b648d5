/*---
id: M43
severity: {2025: info, 2026: query}
affects: record
title: Draft date missing after a decision to amend
message: The outcome was to amend the plan, but the date of the draft amended plan is missing.
guidance: >
  After a decision to amend, the draft amended plan is sent together with the notice of the decision. Enter the date of
  that letter in ReviewDraft. The item is voluntary in 2025. If the draft had not been sent by census day, leave it
  blank and explain it in a note.
module: activeplans
table: activeplans
fields: [ReviewDraft]
years: [2025, null]
source: DfE specification 2025, 1.6.3
---*/
select
    person_id,
    'activeplans' as table_name,
    activeplans_id as row_id,
    'ReviewDraft' as field,
    null as value,
    'decision on ' || uk_date(last_review) as detail
from request_journey
where
    review_outcome = 'A'
    and last_review < $census_date
    and review_draft_text is null
order by all
