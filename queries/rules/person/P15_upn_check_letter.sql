/*---
id: P15
severity: error
affects: matching
title: UPN check letter wrong
message: The first letter of the UPN does not match the rest of it.
guidance: >
  The first letter of a UPN is worked out from the other 12 characters, so that typing mistakes show. At least one
  character is wrong: most often two digits were swapped. Copy the UPN from the school's record. Do not just change the
  letter.
module: person
table: person
fields: [UPN]
years: [2023, null]
source: DfE guide to UPNs
---*/
-- Without the right form (P14) there is no check letter to compare.
select
    person_id,
    'person' as table_name,
    row_id,
    'UPN' as field,
    upn as value,
    'the other characters give ' || upn_check_letter(upn) as detail
from person
where upn_check_letter(upn) <> left(upn, 1)
order by all
