/*---
id: M32
severity: query
affects: record
title: Review before the plan started
message: A review date is before the plan started.
guidance: >
  The first review comes after the plan starts. Usually the start date was replaced when the plan was amended, or the
  review belongs to an earlier plan. Correct StartDate to the date on which the plan was first issued, or leave out the
  earlier review. For a plan that came from another authority, enter that authority in TransferLA. Otherwise explain it
  in a note.
module: activeplans
table: activeplans
fields: [ReviewMeeting, LastReview, ReviewDraft]
years: [2023, null]
source: DfE specification 2025, 2.5
---*/
with review as (
    select
        person_id,
        activeplans_id,
        start_date,
        unnest(['ReviewMeeting', 'LastReview', 'ReviewDraft']) as field,
        unnest([review_meeting, last_review, review_draft]) as review_date,
        unnest([review_meeting_text, last_review_text, review_draft_text]) as value
    from request_journey
    where activeplans_id is not null and transfer_la is null
)

select
    person_id,
    'activeplans' as table_name,
    activeplans_id as row_id,
    field,
    value,
    'plan started on ' || uk_date(start_date) as detail
from review
where review_date < start_date
order by all
