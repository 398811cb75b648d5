/*---
id: P14
severity: error
affects: matching
title: UPN format
message: The UPN does not have the form of a UPN.
guidance: >
  A UPN has 13 characters: a capital letter (never I, O or S), 11 digits, and a digit or, for a temporary UPN, a letter.
  Usually a character is missing or was mistyped, or another number was entered instead. Copy the UPN from the school's
  record. If there is none, leave it blank, and give a reason in UPNunknown if there is no ULN either.
module: person
table: person
fields: [UPN]
years: [2023, null]
source: DfE guide to UPNs
---*/
select
    person_id,
    'person' as table_name,
    row_id,
    'UPN' as field,
    upn as value,
    if(
        length(upn) <> 13,
        'has ' || length(upn) || ' characters',
        'a character that a UPN cannot have at its place'
    ) as detail
from person
where not has_upn_form(upn)
order by all
