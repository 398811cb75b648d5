/*---
id: N47G
severity: query
affects: record
title: Kind of establishment that a plan seldom names
message: The establishment named is of a kind that plans seldom name, such as an online provider.
guidance: >
  Plans seldom name offshore and overseas schools, schools for children of service families abroad, online providers,
  institutions of another government department, or what the register lists as miscellaneous. Usually a digit of the URN
  or UKPRN is wrong. Check it against the plan. If the plan does name this establishment, leave it and say so in a note.
module: namedplan
table: plandetail
fields: [URN, UKPRN]
years: [2023, null]
source: Get Information about Schools
needs: establishments
needs_columns: [urn, ukprn, type_code]
---*/
-- GIAS types: offshore schools (25), service children's education (26), miscellaneous (27), British schools
-- overseas (37), online providers (49), and institutions of another government department (56).
select
    d.person_id,
    'plandetail' as table_name,
    d.row_id,
    if(d.urn is null, 'UKPRN', 'URN') as field,
    coalesce(d.urn, d.ukprn) as value,
    m.establishment as detail
from plandetail as d
inner join register_match as m on m.table_name = 'plandetail' and d.row_id = m.row_id
where list_has_any(m.gias_types, ['25', '26', '27', '37', '49', '56'])
order by all
