/*---
id: M17
severity: error
affects: figures
title: Placement start date missing
message: The placement has no entry date.
guidance: >
  Without the entry date nobody can tell whether the person was there on census day, so no figure counts the placement.
  Usually it was lost when the placement was moved from another system. Enter the date on which the person started at
  the establishment or setting.
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
    null as value,
    coalesce('URN ' || urn, 'UKPRN ' || ukprn, 'SENsetting ' || sen_setting) as detail
from placement
where entry_date_text is null
order by all
