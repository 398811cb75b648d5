/*---
id: P16
severity: query
title: UPN authority part not recognised
message: Characters 2 to 4 of the UPN are not the number of an authority that issues UPNs.
guidance: >
  Characters 2 to 4 say which authority's area the UPN was first given out in, or hold a pseudo-authority number. A
  number that is not known usually means a mistyped UPN. Check it against the school's record. It is fine to leave a
  UPN that the school confirms, and to say so in a note.
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
    'authority part ' || substr(upn, 2, 3) as detail
from person
where
    has_upn_form(upn)
    and substr(upn, 2, 3) not in (select c.code from code as c where c.code_set = 'UPN_LA')
order by all
