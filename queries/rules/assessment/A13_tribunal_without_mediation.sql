/*---
id: A13
severity: query
title: Tribunal without mediation (assessment)
message: The decision whether to issue a plan went to tribunal, but no mediation is recorded.
guidance: >
  A tribunal normally follows mediation. Usually the mediation item was not filled in. A tribunal without mediation
  is valid, but the DfE asks for a note on the whole return with the number of such cases: see T01. Correct the
  mediation item if there was one, otherwise leave the entry.
module: assessment
table: assessment
fields: [AssessmentTribunal]
years: [2023, null]
source: spec 2.3 (stated query)
---*/
select
    person_id,
    'assessment' as table_name,
    row_id,
    'AssessmentTribunal' as field,
    assessment_tribunal_text as value,
    'mediation ' || coalesce(assessment_mediation_text, 'blank') as detail
from assessment
where assessment_tribunal and assessment_mediation is not true
order by all
