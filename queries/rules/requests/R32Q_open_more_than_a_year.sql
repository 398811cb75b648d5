/*---
id: R32Q
severity: query
affects: figures
title: Request open for more than a year
message: The request had been open for more than a year on census day.
guidance: >
  A request should be decided within 6 weeks. One that has been open for more than a year was usually decided or
  withdrawn long ago and never closed, or its received date has the wrong year. Enter the outcome or correct the date.
  If it really is still open, leave it and say why in a note.
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
where is_undecided(request_outcome) and days_from(received_date, $census_date) > 365
order by all
