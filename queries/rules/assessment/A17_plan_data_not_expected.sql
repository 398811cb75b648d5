/*---
id: A17
severity: error
affects: figures
title: Plan data not expected with this outcome
message: The assessment is open or withdrawn, but there is a plan or a placement with it.
guidance: >
  An assessment that is not yet decided (A) or was withdrawn (W) cannot have led to a plan. Usually the assessment
  outcome was never updated, or the plan belongs to another request of the person. Correct the outcome or move the plan
  and the placements.
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
    concat_ws(
        ', ', if(namedplan_id is not null, 'a plan', null), if(activeplans_id is not null, 'placements', null)
    ) as detail
from request_journey
where assessment_outcome in ('A', 'W') and (namedplan_id is not null or activeplans_id is not null)
order by all
