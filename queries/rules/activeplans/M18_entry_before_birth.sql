/*---
id: M18
severity: error
affects: figures
title: Placement start date impossible
message: The placement starts before the person was born.
guidance: >
  Usually the year of one of the two dates was mistyped, or the placement belongs to an older brother or sister. Check
  the entry date and the date of birth in the case record and correct the one that is wrong.
module: activeplans
table: placementdetail
fields: [EntryDate]
years: [2023, null]
source: Logic check
---*/
select
    person_id,
    'placementdetail' as table_name,
    placementdetail_id as row_id,
    'EntryDate' as field,
    entry_date_text as value,
    'born ' || uk_date(birth_date) as detail
from placement
where entry_date < birth_date
order by all
