/*---
id: M42
severity: error
affects: record
title: Draft date impossible
message: The draft date is before the review meeting or after census day.
guidance: >
  The letter with the draft amended plan follows the review meeting and, to be in this return, is dated no later than
  census day. Usually the draft belongs to an earlier review, or the year was mistyped. Correct the date, or leave out a
  draft that was sent after census day.
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
    review_draft_text as value,
    if(
        review_draft > $census_date, 'after census day', 'meeting on ' || uk_date(review_meeting)
    ) as detail
from request_journey
where review_draft < review_meeting or review_draft > $census_date
order by all
