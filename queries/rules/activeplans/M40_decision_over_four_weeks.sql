/*---
id: M40
severity: info
title: Decision more than 4 weeks after the review meeting
message: The review outcome was told more than 4 weeks after the meeting, or is still open after 4 weeks.
guidance: >
  The authority has 4 weeks from the review meeting to tell the outcome. Check both dates for slips, and enter
  LastReview where the decision was told and not recorded. Where it really took longer the record is right: nothing
  has to be corrected in the return.
module: activeplans
table: activeplans
fields: [LastReview]
years: [2024, null]
source: SEND Regulations 2014, regulation 20
---*/
select
    person_id,
    'activeplans' as table_name,
    activeplans_id as row_id,
    'LastReview' as field,
    last_review_text as value,
    case
        when last_review is null
            then days_from(review_meeting, $census_date) || ' days from the meeting to census day, none recorded'
        else days_from(review_meeting, last_review) || ' days after the meeting'
    end as detail
from request_journey
where
    days_from(review_meeting, last_review) > $four_weeks_days
    or (last_review_text is null and days_from(review_meeting, $census_date) > $four_weeks_days)
order by all
