/*---
id: T01
severity: query
affects: record
title: "A return-level note is needed: tribunal without mediation"
message: The return has tribunals without mediation, so the DfE expects a return-level note with the number of cases.
guidance: >
  A tribunal without mediation is a valid entry, but the DfE asks for a note that confirms how many cases there are.
  First look at the findings of R17, A13 and A14, and correct those where there was mediation but it was not recorded.
  Then enter the note for the whole return in COLLECT. You can use the wording in the detail or change it.
module: whole_return
table: return
fields: []
years: [2023, null]
source: DfE specification 2025, 2.2 and 2.3
---*/
-- One finding for the whole return, from the same rows that R17, A13 and A14 report.
with counted as (
    select
        count(*) as n_cases,
        count(*) filter (where field = 'RequestTribunal') as n_request,
        count(*) filter (where field = 'AssessmentTribunal') as n_assessment,
        count(*) filter (where field = 'OtherTribunal') as n_other
    from tribunal_without_mediation
)

select
    null as person_id,
    'return' as table_name,
    null as row_id,
    null as field,
    null as value,
    'We confirm that in this return a mediation meeting did not take place and a tribunal subsequently occurred for the'
    || ' decision whether to assess in ' || n_request || if(n_request = 1, ' case', ' cases')
    || ', for the decision whether to issue a plan in ' || n_assessment || if(n_assessment = 1, ' case', ' cases')
    || ', and for other reasons in ' || n_other || if(n_other = 1, ' case.', ' cases.') as detail
from counted
where n_cases > 0
order by all
