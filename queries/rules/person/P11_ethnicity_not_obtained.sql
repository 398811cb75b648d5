/*---
id: P11
severity: info
affects: record
title: Ethnicity still not obtained for a current plan
message: Ethnicity is recorded as not yet obtained, although the person has a plan that is active on census day.
guidance: >
  NOBT is for the time before the information is obtained. For someone with a current plan, the school usually knows it
  or an earlier return has it: look it up and enter the code. Leave NOBT if it really has not been obtained.
module: person
table: person
fields: [Ethnicity]
years: [2023, null]
source: DfE specification 2025, 2.1
---*/
select
    p.person_id,
    'person' as table_name,
    p.row_id,
    'Ethnicity' as field,
    p.ethnicity as value,
    'plan since ' || uk_date(c.start_date) as detail
from person as p
inner join caseload as c on p.row_id = c.person_id
where p.ethnicity = 'NOBT'
order by all
