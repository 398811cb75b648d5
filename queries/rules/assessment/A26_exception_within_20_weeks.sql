/*---
id: A26
severity: info
affects: figures
title: Exception recorded although issued within 20 weeks
message: An exception to the 20 weeks is recorded, although the plan was issued in time.
guidance: >
  The published 20-week figure leaves out plans with an exception. Without the exception, this plan would count as
  issued in time. Set Week20 to 0 if no exception applied. If one did, you do not need to change anything.
module: assessment
table: assessment
fields: [Week20]
years: [2023, null]
source: SEND Regulations 2014, regulation 13
---*/
-- Only an assessment with outcome Y has an issue date.
select
    person_id,
    'assessment' as table_name,
    assessment_id as row_id,
    'Week20' as field,
    week20_text as value,
    days_from(received_date, issue_date) || ' days after ' || uk_date(received_date) as detail
from request_journey
where week20 and days_from(received_date, issue_date) between 0 and $twenty_weeks_days
order by all
