/*---
id: A01
severity: error
affects: figures
title: Assessment outcome missing or invalid
message: The assessment has no outcome, or one that is not Y, N, A, W or H.
guidance: >
  Every assessment needs one of the five codes, in capitals: Y (issue a plan), N (do not issue), A (not yet
  decided), W (withdrawn or ceased before the decision) or H (decided before the collection year). Usually the
  decision was not entered, or a local code is not mapped in the export. Record the outcome of the assessment in the
  case record.
module: assessment
table: assessment
fields: [AssessmentOutcome]
years: [2023, null]
source: DfE specification 2025, 2.3; Common Basic Data Set, CS109
---*/
select
    person_id,
    'assessment' as table_name,
    row_id,
    'AssessmentOutcome' as field,
    assessment_outcome as value,
    null as detail
from assessment
where
    assessment_outcome is null
    or assessment_outcome not in (select c.code from code as c where c.code_set = 'CS109')
order by all
