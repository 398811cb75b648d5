/*---
id: M36
severity: {2024: info, 2025: query}
affects: record
title: Review outcome missing
message: The return says when the person was told the review outcome, but not what it was.
guidance: >
  LastReview is the date on which the parent or young person was told the outcome of the review, so the outcome itself
  (M, C or A) should be known. Enter it, or remove LastReview if the decision has not been made. Otherwise explain it in
  a note.
module: activeplans
table: activeplans
fields: [ReviewOutcome]
years: [2024, null]
source: DfE specification 2025, 2.5
---*/
select
    person_id,
    'activeplans' as table_name,
    activeplans_id as row_id,
    'ReviewOutcome' as field,
    null as value,
    'LastReview is ' || coalesce(uk_date(last_review), last_review_text) as detail
from request_journey
where last_review_text is not null and review_outcome is null
order by all
