/*---
id: M37
severity: query
affects: record
title: Review outcome without its dates
message: There is a review outcome without the date of the meeting or of the decision.
guidance: >
  An outcome follows from a review meeting (ReviewMeeting), and the parent or young person is told it on a certain date
  (LastReview). Enter the missing date, or remove the outcome if the decision came after census day. If the review was
  held without a meeting, leave it and explain it in a note.
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
    review_outcome as value,
    case
        when last_review_text is not null then 'ReviewMeeting is blank'
        when review_meeting_text is not null then 'LastReview is blank'
        else 'ReviewMeeting and LastReview are blank'
    end as detail
from request_journey
where
    review_outcome is not null
    and (review_meeting_text is null or last_review_text is null)
order by all
