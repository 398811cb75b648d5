/*---
id: A21
severity: query
affects: figures
title: Plans transferred in are historical
message: The plan was transferred in from another authority, but its assessment is not historical.
guidance: >
  The authority that receives a plan records the assessment as H, even if the plan started in the collection year.
  Usually the other authority's outcome was copied. Set the outcome to H, or clear TransferLA if the plan is your own.
  If the outcome is right, explain it in a note.
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
    'transferred from ' || transfer_la as detail
from request_journey
where assessment_id is not null and transfer_la is not null and assessment_outcome is distinct from 'H'
order by all
