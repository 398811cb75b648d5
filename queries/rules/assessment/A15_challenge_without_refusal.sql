/*---
id: A15
severity: query
affects: record
title: Challenge recorded although the first decision was to issue
message: Mediation or a tribunal about the decision is recorded, but the first decision was to issue a plan.
guidance: >
  These two items are about a challenge to a decision not to issue a plan, so the outcome should be N. The first refusal
  must stay N even if it was overturned later. Usually the N was overwritten with Y, or a challenge about the content of
  the plan was entered here: that belongs in OtherMediation and OtherTribunal. If it is right, explain it in a note.
module: assessment
table: assessment
fields: [AssessmentMediation, AssessmentTribunal]
years: [2023, null]
source: DfE specification 2025, 2.3
---*/
select
    person_id,
    'assessment' as table_name,
    row_id,
    if(assessment_mediation, 'AssessmentMediation', 'AssessmentTribunal') as field,
    if(assessment_mediation, assessment_mediation_text, assessment_tribunal_text) as value,
    'outcome ' || assessment_outcome as detail
from assessment
where (assessment_mediation or assessment_tribunal) and assessment_outcome = 'Y'
order by all
