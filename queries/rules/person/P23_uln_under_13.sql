/*---
id: P23
severity: info
affects: matching
title: ULN unusual at this age
message: Someone under 13 has a unique learner number.
guidance: >
  ULNs are issued from about year 9, so one is unusual at this age. Check that the number belongs to this person and
  that the date of birth is right. If both are right, you do not need to change anything.
module: person
table: person
fields: [UniqueLearnerNumber]
years: [2023, null]
source: Logic check
---*/
select
    person_id,
    'person' as table_name,
    row_id,
    'UniqueLearnerNumber' as field,
    unique_learner_number as value,
    'aged ' || age_at(person_birth_date, $census_date) || ' on census day' as detail
from person
where
    age_at(person_birth_date, $census_date) < 13
    and not is_dummy_uln(unique_learner_number)
order by all
