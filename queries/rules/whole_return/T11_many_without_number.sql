/*---
id: T11
severity: info
affects: matching
title: Many people without UPN and ULN
message: More than 2% of the people have neither a UPN nor a ULN.
guidance: >
  Without a UPN or ULN the DfE cannot link people to other collections. Children in state-funded schools have a UPN, and
  young people in further education have a ULN. Usually the numbers are in the school's system and were not passed to
  the SEND team, or the extract leaves them out. Ask the schools or use the DfE's look-up services. You do not need to
  do anything for people who really have neither: UPNunknown says why.
module: whole_return
table: return
fields: []
years: [2023, null]
source: DfE specification 2025, 2.1
---*/
with counted as (
    select
        count(*) as n_people,
        count(*) filter (
            where upn is null and (unique_learner_number is null or is_dummy_uln(unique_learner_number))
        ) as n_without
    from person
)

select
    null as person_id,
    'return' as table_name,
    null as row_id,
    null as field,
    null as value,
    n_without || ' of ' || n_people || ' people' as detail
from counted
where n_people >= 50 and n_without * 100 > n_people * 2
order by all
