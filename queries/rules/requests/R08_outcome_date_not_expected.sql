/*---
id: R08
severity: query
affects: record
title: Date not expected with this outcome
message: The request has an outcome date although its outcome is A, W or H.
guidance: >
  The date belongs to a decision to assess (Y) or not to assess (N). Usually the decision has been made and the outcome
  was not updated, or the date of withdrawal was entered. Correct the outcome or remove the date. You can leave it if
  the case system cannot leave the date out: say so in a note.
module: requests
table: requests
fields: [RequestOutcomeDate]
years: [2023, null]
source: DfE specification 2025, 2.2
---*/
select
    person_id,
    'requests' as table_name,
    row_id,
    'RequestOutcomeDate' as field,
    request_outcome_date_text as value,
    'outcome ' || request_outcome as detail
from requests
where request_outcome_date_text is not null and request_outcome in ('A', 'W', 'H')
order by all
