/*---
id: R10
severity: error
affects: figures
title: Outcome after census day
message: The request outcome is dated after census day.
guidance: >
  The return shows the position on census day: a decision made later belongs in the next return. Usually the year was
  mistyped, or the extract was run later and does not show the position on census day. Correct the date, or show the
  request as A (not yet decided) with no outcome date.
module: requests
table: requests
fields: [RequestOutcomeDate]
years: [2023, null]
source: DfE specification 2025, 1.2
---*/
select
    person_id,
    'requests' as table_name,
    row_id,
    'RequestOutcomeDate' as field,
    request_outcome_date_text as value,
    'census day ' || uk_date($census_date) as detail
from requests
where request_outcome_date > $census_date
order by all
