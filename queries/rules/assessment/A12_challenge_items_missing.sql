/*---
id: A12
severity: query
affects: figures
title: Mediation or tribunal item missing
message: The assessment is decided, but a mediation or tribunal item is blank.
guidance: >
  For the outcomes Y and N all four items need an answer; each blank one is listed. Usually they were left blank because
  there was no challenge: if so, enter 0. If you do not know, leave it blank and say so in a note.
module: assessment
table: assessment
fields: [AssessmentMediation, AssessmentTribunal, OtherMediation, OtherTribunal]
years: [2023, null]
source: DfE specification 2025, 2.3
---*/
with item as (
    select unnest(['AssessmentMediation', 'AssessmentTribunal', 'OtherMediation', 'OtherTribunal']) as field
)

select
    a.person_id,
    'assessment' as table_name,
    a.row_id,
    i.field,
    null as value,
    'outcome ' || a.assessment_outcome as detail
from assessment as a
cross join item as i
where
    a.assessment_outcome in ('Y', 'N')
    and case i.field
        when 'AssessmentMediation' then a.assessment_mediation_text
        when 'AssessmentTribunal' then a.assessment_tribunal_text
        when 'OtherMediation' then a.other_mediation_text
        when 'OtherTribunal' then a.other_tribunal_text
    end is null
order by all
