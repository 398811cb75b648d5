/*---
id: M34
severity: info
affects: figures
title: Annual review overdue
message: The last review meeting was more than 12 months before census day.
guidance: >
  A plan must be reviewed within 12 months of the review before. Check whether a later meeting was held but not
  recorded, and enter it. If the review really is overdue, the return is right and you do not need to change it.
module: activeplans
table: activeplans
fields: [ReviewMeeting]
years: [2024, null]
source: Children and Families Act 2014, section 44
---*/
select
    person_id,
    'activeplans' as table_name,
    activeplans_id as row_id,
    'ReviewMeeting' as field,
    review_meeting_text as value,
    days_from(review_meeting, $census_date) || ' days before census day' as detail
from request_journey
where is_active and review_meeting < year_before($census_date)
order by all
