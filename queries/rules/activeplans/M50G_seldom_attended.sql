/*---
id: M50G
severity: query
affects: record
title: Kind of establishment where few children with a plan are placed
message: The establishment is of a kind where few children with a plan are placed.
guidance: >
  Few children with a plan are placed in offshore and overseas schools, schools for children of service families abroad,
  with online providers, in institutions of another government department, or in what the register lists as
  miscellaneous. Usually a digit of the URN or UKPRN is wrong. Check it against the case record. If the child does learn
  there, leave it and say so in a note.
module: activeplans
table: placementdetail
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
    'placementdetail' as table_name,
    d.placementdetail_id as row_id,
    if(d.urn is null, 'UKPRN', 'URN') as field,
    coalesce(d.urn, d.ukprn) as value,
    m.establishment as detail
from placement as d
inner join register_match as m on m.table_name = 'placementdetail' and d.placementdetail_id = m.row_id
where list_has_any(m.gias_types, ['25', '26', '27', '37', '49', '56'])
order by all
