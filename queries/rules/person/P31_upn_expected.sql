/*---
id: P31
severity: query
affects: matching
title: UPN expected at this age
message: The person is of school age and has no UPN, and no reason is given that explains it.
guidance: >
  Someone who was 5 to 15 at the start of the academic year has normally been given a UPN, and a ULN does not replace
  it. UN2, UN3, UN5, UN8 and UN10 explain a missing UPN, and so does UN1 for a child under 6. Ask the school for the
  UPN. If you cannot find it, enter the reason. If there is a ULN, UPNunknown must stay blank: leave it and say so in a
  note.
module: person
table: person
fields: [UPN]
years: [2023, null]
source: DfE specification 2025, 2.1
---*/
select
    person_id,
    'person' as table_name,
    row_id,
    'UPN' as field,
    upn as value,
    concat_ws(
        ', ',
        'aged ' || age_at(person_birth_date, $august_31) || ' on ' || uk_date($august_31),
        'reason ' || upn_unknown
    ) as detail
from person
where
    age_at(person_birth_date, $august_31) between 5 and 15
    and upn is null
    and (upn_unknown is null or upn_unknown not in ('UN2', 'UN3', 'UN5', 'UN8', 'UN10'))
    and not coalesce(upn_unknown = 'UN1' and age_at(person_birth_date, $census_date) < 6, false)
order by all
