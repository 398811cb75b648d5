/*---
id: A06
severity: query
affects: record
title: Date not expected with this outcome
message: The assessment has an outcome date although its outcome is A, W or H.
guidance: >
  The date belongs to a plan that was issued (Y) or refused (N). Usually the decision has been made and the outcome was
  not updated, or the date of withdrawal was entered. Correct the outcome or remove the date. You can leave it if the
  case system cannot leave the date out: say so in a note.
module: assessment
table: assessment
fields: [AssessmentOutcomeDate]
years: [2023, null]
source: DfE specification 2025, 2.3
---*/
select
    person_id,
    'assessment' as table_name,
    row_id,
    'AssessmentOutcomeDate' as field,
    assessment_outcome_date_text as value,
    'outcome ' || assessment_outcome as detail
from assessment
where assessment_outcome_date_text is not null and assessment_outcome in ('A', 'W', 'H')
order by all
