/*---
id: M22
severity: query
affects: record
title: Placement finished before the collection year
message: The placement finished before the collection year.
guidance: >
  The return asks for the latest placement and for those of the collection year. Usually a placement that had ended was
  not filtered out, or the year was mistyped. Leave it out, or correct the leaving date. If it is the latest one, enter
  where the person has been since (see M04). If your system returns the whole history, explain it in a note.
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
    'collection year from ' || uk_date($year_start) as detail
from placement
where leaving_date < $year_start
order by all
