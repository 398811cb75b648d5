/*---
id: P21
severity: query
affects: matching
title: "Dummy ULN: treated as missing"
message: The unique learner number is 9999999999, which means that it is not known.
guidance: >
  Some systems use the dummy number 9999999999 when the ULN is not known. sen2dash treats it as no ULN. Look the ULN up
  in the Learning Records Service. If there is none, leave it blank, and give a reason in UPNunknown if there is no UPN
  either.
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
    cast(null as varchar) as detail
from person
where is_dummy_uln(unique_learner_number)
order by all
