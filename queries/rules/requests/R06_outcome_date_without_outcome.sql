/*---
id: R06
severity: error
affects: figures
title: Outcome date without an outcome
message: The request has an outcome date but no outcome.
guidance: >
  The date means that a decision was made, but the return does not say which one. Usually the outcome was not entered,
  or its local code is not mapped in the export. Enter the outcome. If nothing has been decided, enter A and remove the
  date.
module: requests
table: requests
fields: [RequestOutcomeDate]
years: [2023, null]
source: DfE specification 2025, 2.2, which makes it an error
---*/
select
    person_id,
    'requests' as table_name,
    row_id,
    'RequestOutcomeDate' as field,
    request_outcome_date_text as value,
    null as detail
from requests
where request_outcome_date_text is not null and request_outcome is null
order by all
