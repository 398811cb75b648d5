/*---
id: R32
severity: info
affects: figures
title: Decision to assess overdue on census day
message: The request had been open for more than 6 weeks on census day.
guidance: >
  The authority has 6 weeks (42 days) from the day of the request to say whether it will assess. If the decision really
  is overdue, the return is right and you do not need to change it. If the decision had been made by census day, enter
  its outcome and date.
module: requests
table: requests
fields: [RequestOutcome]
years: [2023, null]
source: SEND Regulations 2014, regulation 5
---*/
select
    person_id,
    'requests' as table_name,
    row_id,
    'RequestOutcome' as field,
    request_outcome as value,
    days_from(received_date, $census_date) || ' days on census day' as detail
from requests
where is_undecided(request_outcome) and days_from(received_date, $census_date) between $six_weeks_days + 1 and 365
order by all
