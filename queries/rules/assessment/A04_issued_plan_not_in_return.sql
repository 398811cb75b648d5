/*---
id: A04
severity: query
affects: figures
title: Issued plan is not in the return
message: The assessment says that a plan was issued, but there is no plan under it in the return.
guidance: >
  If the outcome is Y and has a date, the plan exists and should be under this assessment. Usually the plan is still a
  draft in the case system, or is under another request. Add the plan. If it had not been issued by census day, remove
  the date. If it is right that the plan is not in the return, say why in a note.
module: assessment
table: assessment
fields: [AssessmentOutcomeDate]
years: [2023, null]
source: DfE specification 2025, 1.3.5
---*/
select
    person_id,
    'assessment' as table_name,
    assessment_id as row_id,
    'AssessmentOutcomeDate' as field,
    assessment_outcome_date_text as value,
    null as detail
from request_journey
where assessment_outcome = 'Y' and assessment_outcome_date_text is not null and namedplan_id is null
order by all
