/*---
id: M40
severity: info
affects: figures
title: Decision more than 4 weeks after the review meeting
message: >-
  There were more than 4 weeks between the review meeting and the outcome, or between the meeting and census day if
  there is no outcome yet.
guidance: >
  The authority has 4 weeks from the review meeting to tell the person the outcome. Check both dates for typing
  mistakes, and enter LastReview if the person was told but the date was not recorded. If it really took longer, the
  return is right and you do not need to change it.
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
            then days_from(review_meeting, $census_date) || ' days from the meeting to census day, no decision recorded'
        else days_from(review_meeting, last_review) || ' days after the meeting'
    end as detail
from request_journey
where
    days_from(review_meeting, last_review) > $four_weeks_days
    or (last_review_text is null and days_from(review_meeting, $census_date) > $four_weeks_days)
order by all
