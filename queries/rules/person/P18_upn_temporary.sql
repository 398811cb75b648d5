/*---
id: P18
severity: query
title: Temporary UPN
message: >-
  The UPN is a temporary one: it ends in a letter.
guidance: >
  A school gives out a temporary UPN until the permanent one is found. Ask the school whether the permanent UPN is
  known by now, and enter that. It is fine to leave a temporary UPN where there is still no other.
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
