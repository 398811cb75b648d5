/*---
id: A29
severity: query
affects: figures
effect: "{n} assessment{s} cannot count as completed in time, because the date received is missing"
title: Timeliness cannot be worked out without the received date
message: The request of this assessment has no received date, so the time it took cannot be worked out.
guidance: >
  The 20 weeks start on the day of the request, even if the request itself was refused or is historical. Usually the
  date was lost when the case was moved from an older system. Enter the received date on the request. If you cannot find
  it, leave it blank and say so in a note.
module: assessment
table: assessment
fields: [ReceivedDate]
years: [2023, null]
source: DfE specification 2025, 2.3
---*/
select
    person_id,
    'assessment' as table_name,
    assessment_id as row_id,
    'ReceivedDate' as field,
    null as value,
    'outcome ' || assessment_outcome as detail
from request_journey
where assessment_outcome in ('Y', 'N', 'A') and received_date_text is null
order by all
