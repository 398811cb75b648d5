/*---
id: P16
severity: query
affects: matching
title: UPN authority part not recognised
message: Characters 2 to 4 of the UPN are not the number of an authority that issues UPNs.
guidance: >
  Characters 2 to 4 are the number of the authority in whose area the UPN was first issued, or a pseudo-authority
  number. An unknown number usually means a mistyped UPN. Check it against the school's record. You can leave a UPN that
  the school confirms: say so in a note.
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
