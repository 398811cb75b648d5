/*---
id: P24
severity: query
affects: matching
title: No UPN, no ULN and no reason
message: There is no UPN, no unique learner number and no reason why both are missing.
guidance: >
  The DfE needs a UPN or a ULN to follow a person across its collections, or else the reason in UPNunknown. A ULN of
  9999999999 counts as none. Find the UPN through the school or the DfE's look-up service, or enter the reason code that
  fits: UN8 if the person is new to you and you do not know the number yet. One of the codes always fits, so you never
  need to leave this.
module: person
table: person
fields: [UPN, UniqueLearnerNumber, UPNunknown]
years: [2023, null]
source: DfE specification 2025, 2.1, which makes it a query
---*/
select
    person_id,
    'person' as table_name,
    row_id,
    'UPN' as field,
    upn as value,
    if(unique_learner_number is null, null, 'the ULN is the dummy 9999999999') as detail
from person
where upn is null and upn_unknown is null and (unique_learner_number is null or is_dummy_uln(unique_learner_number))
order by all
