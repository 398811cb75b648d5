/*---
id: P17
severity: error
affects: matching
title: Duplicate UPN
message: Two or more people in the return have the same UPN.
guidance: >
  A UPN belongs to one person. Either one of them has another person's UPN (twins and siblings are the usual case), or
  one person is in the return twice. Check each UPN against the school's record, or merge the records in the case
  system.
module: person
table: person
fields: [UPN]
years: [2023, null]
source: DfE specification 2025, 2.1
---*/
-- Any text counts, whatever its form.
with shared as (
    select
        upn,
        some_of(list(row_id order by row_id)) as people
    from person
    where upn is not null
    group by upn
    having count(*) > 1
)

select
    p.person_id,
    'person' as table_name,
    p.row_id,
    'UPN' as field,
    p.upn as value,
    'persons ' || s.people as detail
from person as p
inner join shared as s on p.upn = s.upn
order by all
