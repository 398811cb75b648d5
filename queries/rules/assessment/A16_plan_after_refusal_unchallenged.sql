/*---
id: A16
severity: query
affects: figures
title: Plan after a refusal without a recorded challenge
message: The authority decided not to issue a plan, but there is one, and no mediation or tribunal is recorded.
guidance: >
  After a refusal there is a plan only if the decision was changed, usually after mediation or a tribunal. Check whether
  the challenge was left out, whether the outcome should be Y, or whether the plan belongs to another request. If the
  authority changed its own decision, leave it and say so in a note.
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
where
    assessment_outcome = 'N'
    and namedplan_id is not null
    and assessment_mediation is not true
    and assessment_tribunal is not true
order by all
