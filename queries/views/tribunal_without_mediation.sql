-- One row per tribunal appeal without mediation (rules R17, A13, A14): a request has one such pair of items, and an
-- assessment has two. field is the tribunal item, value its text, mediation the text of the item that should be yes.
select
    person_id,
    'requests' as table_name,
    row_id,
    'RequestTribunal' as field,
    request_tribunal_text as value,
    request_mediation_text as mediation
from requests
where request_tribunal and request_mediation is not true
union all
select
    person_id,
    'assessment' as table_name,
    row_id,
    'AssessmentTribunal' as field,
    assessment_tribunal_text as value,
    assessment_mediation_text as mediation
from assessment
where assessment_tribunal and assessment_mediation is not true
union all
select
    person_id,
    'assessment' as table_name,
    row_id,
    'OtherTribunal' as field,
    other_tribunal_text as value,
    other_mediation_text as mediation
from assessment
where other_tribunal and other_mediation is not true
