/*---
id: M31
severity: error
affects: figures
title: Review meeting after census day
message: The review meeting is after census day.
guidance: >
  ReviewMeeting is the date of the latest review meeting held by census day. Usually the next planned meeting was
  returned, or the year was mistyped. Give the last meeting held, or leave the item out if there was none.
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
    review_meeting_text as value,
    'census day ' || uk_date($census_date) as detail
from request_journey
where review_meeting > $census_date
order by all
