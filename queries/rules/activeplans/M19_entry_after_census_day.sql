/*---
id: M19
severity: query
affects: figures
title: Placement starts after census day
message: The placement starts after census day.
guidance: >
  The return describes placements up to census day. One that starts later does not count. Check whether the year was
  mistyped. If it was not, leave the placement out. If your system returns planned placements anyway, explain it in a
  note.
module: activeplans
table: placementdetail
fields: [EntryDate]
years: [2023, null]
source: DfE specification 2025, 2.5
---*/
select
    person_id,
    'placementdetail' as table_name,
    placementdetail_id as row_id,
    'EntryDate' as field,
    entry_date_text as value,
    'census day ' || uk_date($census_date) as detail
from placement
where entry_date > $census_date
order by all
