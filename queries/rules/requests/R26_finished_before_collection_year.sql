/*---
id: R26
severity: query
affects: figures
title: Request finished before the collection year
message: The request was refused or withdrawn before the collection year and nothing has happened since.
guidance: >
  A request belongs in the return if it was received in the collection year, or if its outcome, its assessment or its
  plan is dated in that year or is still open. This one was received earlier and ended as N or W, with nothing dated
  since. Usually the export reaches back too far. Remove the request, or add the missing date. If it belongs here, say
  why in a note.
module: requests
table: requests
fields: []
years: [2023, null]
source: DfE specification 2025, 2.2
---*/
-- greatest() ignores NULL: a blank or invalid date is not a date in the collection year.
select
    person_id,
    'requests' as table_name,
    requests_id as row_id,
    null as field,
    request_outcome as value,
    'received ' || uk_date(received_date) as detail
from request_journey
where
    request_outcome in ('N', 'W')
    and received_date < $year_start
    and greatest(received_date, request_outcome_date, assessment_outcome_date, start_date) < $year_start
    and not is_undecided(assessment_outcome)
order by all
