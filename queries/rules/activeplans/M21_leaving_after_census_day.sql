/*---
id: M21
severity: query
affects: figures
title: Leaving date after census day
message: The leaving date of the placement is after census day.
guidance: >
  A placement that is still open on census day has no leaving date in the return. Usually the planned end of a course or
  phase was entered, or the year was mistyped. Remove the date or correct it. If the end is already certain, leave it
  and explain it in a note. The placement counts as open either way.
module: activeplans
table: placementdetail
fields: [LeavingDate]
years: [2023, null]
source: DfE specification 2025, 2.5
---*/
select
    person_id,
    'placementdetail' as table_name,
    placementdetail_id as row_id,
    'LeavingDate' as field,
    leaving_date_text as value,
    'census day ' || uk_date($census_date) as detail
from placement
where leaving_date > $census_date
order by all
