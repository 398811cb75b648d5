/*---
id: A18
severity: error
affects: figures
title: Historical assessment needs the plan
message: The assessment is historical, but there is no plan under it.
guidance: >
  A historical assessment is in the return only because of a plan that was agreed before the collection year or
  transferred in. Usually the plan was left out of the export, or it ceased before the collection year and the person
  does not need to be in the return. Add the plan, or remove the request and the assessment.
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
    null as detail
from request_journey
where assessment_outcome = 'H' and namedplan_id is null
order by all
