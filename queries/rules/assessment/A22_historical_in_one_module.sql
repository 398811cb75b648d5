/*---
id: A22
severity: query
affects: figures
title: Historical code expected in both modules
message: Either the request or the assessment is historical (H), but not both.
guidance: >
  If the plan started before the collection year, both the request and the assessment are H. Usually one of the two kept
  its old outcome. Set both to H, or neither. For a plan that was transferred in, enter TransferLA. If the codes are
  right, explain it in a note.
module: assessment
table: assessment
fields: [AssessmentOutcome]
years: [2023, null]
source: DfE specification 2025, 2.2 and 2.3
---*/
-- A blank request outcome does not count as another outcome; a blank assessment outcome does.
select
    person_id,
    'assessment' as table_name,
    assessment_id as row_id,
    'AssessmentOutcome' as field,
    assessment_outcome as value,
    'request outcome ' || request_outcome as detail
from request_journey
where
    (assessment_outcome = 'H' and request_outcome != 'H' and transfer_la is null)
    or (request_outcome = 'H' and assessment_outcome is distinct from 'H' and namedplan_id is not null)
order by all
