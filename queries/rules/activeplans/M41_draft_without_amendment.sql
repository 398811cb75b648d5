/*---
id: M41
severity: query
affects: record
title: Draft date is only for a decision to amend
message: There is a draft date, but the review outcome is not to amend the plan.
guidance: >
  ReviewDraft is the date of the letter with the draft amended plan, so it goes with outcome A (amend). Correct the
  outcome, or remove the draft date. If a draft was sent before the decision was recorded, leave it and explain it in a
  note.
module: activeplans
table: activeplans
fields: [ReviewDraft]
years: [2025, null]
source: DfE specification 2025, 1.6.3 and 2.5
---*/
select
    person_id,
    'activeplans' as table_name,
    activeplans_id as row_id,
    'ReviewDraft' as field,
    review_draft_text as value,
    coalesce('ReviewOutcome is ' || review_outcome, 'ReviewOutcome is blank') as detail
from request_journey
where review_draft_text is not null and review_outcome is distinct from 'A'
order by all
