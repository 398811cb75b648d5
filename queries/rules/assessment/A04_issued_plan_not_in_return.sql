/*---
id: A04
severity: query
title: Issued plan is not in the return
message: The assessment says that a plan was issued, but the return holds no plan under it.
guidance: >
  With outcome Y and a date the plan exists and should stand under this assessment. Usually the plan is still a
  draft in the case system or stands under another request. Add the plan; if it had not been issued by census day,
  remove the date. If the plan is rightly absent, say why in a note.
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
