/*---
id: P25
severity: query
affects: matching
title: Reason given although an identifier is present
message: The return says why the UPN and ULN are missing, although one of them is present.
guidance: >
  UPNunknown says why neither a UPN nor a ULN is known, so it must be blank once you have either. Usually the number was
  found later and the reason was left in. Remove the reason, or the number if it is not this person's.
module: person
table: person
fields: [UPNunknown]
years: [2023, null]
source: DfE specification 2025, 2.1
---*/
-- A blank ULN makes the last comparison NULL, so the rule does not fire.
select
    person_id,
    'person' as table_name,
    row_id,
    'UPNunknown' as field,
    upn_unknown as value,
    if(upn is not null, 'UPN ' || upn, 'ULN ' || unique_learner_number) as detail
from person
where
    upn_unknown is not null
    and (upn is not null or not is_dummy_uln(unique_learner_number))
order by all
