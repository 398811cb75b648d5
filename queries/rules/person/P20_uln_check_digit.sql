/*---
id: P20
severity: error
affects: matching
title: ULN check digit wrong
message: The last digit of the unique learner number does not match the rest of it.
guidance: >
  The last digit of a ULN is worked out from the first nine, so that typing mistakes show. At least one digit is wrong:
  most often two were swapped. Look the ULN up in the Learning Records Service. Do not just change the last digit.
module: person
table: person
fields: [UniqueLearnerNumber]
years: [2023, null]
source: Learning Records Service
---*/
-- Without the right form (P19) there is no check digit to compare.
select
    person_id,
    'person' as table_name,
    row_id,
    'UniqueLearnerNumber' as field,
    unique_learner_number as value,
    case uln_check_digit(unique_learner_number)
        when 'X' then 'no ULN starts with these nine digits'
        else 'the other digits give ' || uln_check_digit(unique_learner_number)
    end as detail
from person
where
    uln_check_digit(unique_learner_number) <> right(unique_learner_number, 1)
    and not is_dummy_uln(unique_learner_number)
order by all
