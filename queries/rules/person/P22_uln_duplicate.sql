/*---
id: P22
severity: error
affects: matching
title: Duplicate ULN
message: Two or more people in the return have the same unique learner number.
guidance: >
  A ULN belongs to one person. Either one of them has another person's ULN, or one person is in the return twice. Check
  each ULN in the Learning Records Service, or merge the records in the case system.
module: person
table: person
fields: [UniqueLearnerNumber]
years: [2023, null]
source: DfE specification 2025, 2.1
---*/
with shared as (
    select
        unique_learner_number,
        some_of(list(row_id order by row_id)) as people
    from person
    where not is_dummy_uln(unique_learner_number)
    group by unique_learner_number
    having count(*) > 1
)

select
    p.person_id,
    'person' as table_name,
    p.row_id,
    'UniqueLearnerNumber' as field,
    p.unique_learner_number as value,
    'persons ' || s.people as detail
from person as p
inner join shared as s on p.unique_learner_number = s.unique_learner_number
order by all
