/*---
id: P19
severity: error
affects: matching
title: ULN format
message: The unique learner number does not have the form of a ULN.
guidance: >
  A ULN has 10 digits and does not start with 0. Usually a digit is missing, or another number (such as a UPN) was
  entered instead. Look the ULN up in the Learning Records Service or ask the college. Leave it blank if there is none.
module: person
table: person
fields: [UniqueLearnerNumber]
years: [2023, null]
source: Learning Records Service
---*/
select
    person_id,
    'person' as table_name,
    row_id,
    'UniqueLearnerNumber' as field,
    unique_learner_number as value,
    if(
        length(unique_learner_number) <> 10,
        'has ' || length(unique_learner_number) || ' characters',
        'starts with 0, or contains something other than digits'
    ) as detail
from person
where not has_uln_form(unique_learner_number)
order by all
