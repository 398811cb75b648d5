/*---
id: P18
severity: query
affects: matching
title: Temporary UPN
message: >-
  The UPN is temporary: it ends in a letter.
guidance: >
  A school issues a temporary UPN until it finds the permanent one. Ask the school whether it now knows the permanent
  UPN, and enter that. You can leave a temporary UPN if there is still no other.
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
    cast(null as varchar) as detail
from person
where has_upn_form(upn) and regexp_matches(upn, '[A-Z]$')
order by all
