/*---
id: M38
severity: error
affects: figures
title: Decision before the review meeting
message: The date of the review outcome is before the review meeting.
guidance: >
  LastReview, the date on which the person was told the outcome, comes after the meeting. Usually it belongs to last
  year's review, while the meeting is this year's. Give the dates of the same review, the latest one by census day.
module: activeplans
table: activeplans
fields: [LastReview]
years: [2024, null]
source: DfE specification 2025, 2.5
---*/
select
    person_id,
    'activeplans' as table_name,
    activeplans_id as row_id,
    'LastReview' as field,
    last_review_text as value,
    'meeting on ' || uk_date(review_meeting) as detail
from request_journey
where last_review < review_meeting
order by all
