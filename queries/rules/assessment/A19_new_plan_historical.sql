/*---
id: A19
severity: query
affects: figures
title: Plan new this year should not be historical unless transferred in
message: The assessment is historical, but the plan started in the collection year or later and was not transferred in.
guidance: >
  A plan that started since 1 January of the collection year needs the real outcome of its assessment, its date and the
  20-week item. Without them it is missing from the timeliness figure. H is right for a plan that came from another
  authority: if so, enter that authority in TransferLA. If H is right for another reason, explain it in a note.
module: assessment
table: assessment
fields: [AssessmentOutcome]
years: [2023, null]
source: DfE specification 2025, 2.3
---*/
select
    person_id,
    'assessment' as table_name,
    assessment_id as row_id,
    'AssessmentOutcome' as field,
    assessment_outcome as value,
    'plan started ' || uk_date(start_date) as detail
from request_journey
where assessment_outcome = 'H' and start_date >= $year_start and transfer_la is null
order by all
