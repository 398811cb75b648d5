/*---
id: M20
severity: error
affects: figures
title: Leaves before starting
message: The leaving date of the placement is before its entry date.
guidance: >
  Usually one of the two dates was mistyped, or the leaving date of the placement before it was copied. Check both dates
  in the attendance record and correct the one that is wrong.
module: activeplans
table: placementdetail
fields: [LeavingDate]
years: [2023, null]
source: Logic check
---*/
select
    person_id,
    'placementdetail' as table_name,
    placementdetail_id as row_id,
    'LeavingDate' as field,
    leaving_date_text as value,
    'entry on ' || uk_date(entry_date) as detail
from placement
where leaving_date < entry_date
order by all
