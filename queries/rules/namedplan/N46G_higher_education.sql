/*---
id: N46G
severity: query
affects: record
title: A plan does not cover higher education
message: The establishment named in the plan is a university or other higher education institution.
guidance: >
  An EHC plan ends when a young person goes on to higher education, and the register that you loaded lists this
  establishment as a higher education institution. Usually the URN or UKPRN is wrong, or the plan should have ceased.
  Correct the number or cease the plan. If the young person takes a further education course there, leave it and say so
  in a note.
module: namedplan
table: plandetail
fields: [URN, UKPRN]
years: [2023, null]
source: Get Information about Schools
needs: establishments
needs_columns: [urn, ukprn, type_code]
---*/
-- GIAS type 29, higher education institutions. Further education at a university's own college has another type.
select
    d.person_id,
    'plandetail' as table_name,
    d.row_id,
    if(d.urn is null, 'UKPRN', 'URN') as field,
    coalesce(d.urn, d.ukprn) as value,
    m.establishment as detail
from plandetail as d
inner join register_match as m on m.table_name = 'plandetail' and d.row_id = m.row_id
where list_contains(m.gias_types, '29')
order by all
