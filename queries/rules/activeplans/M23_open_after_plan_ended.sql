/*---
id: M23
severity: query
title: Placement still open after the plan ended
message: The plan has ended, but the placement is still open or ends later.
guidance: >
  A placement is returned as provision under the plan, so it ends with the plan at the latest, even where the person
  stays at the school or college. Enter the date on which the plan ceased as leaving date, or correct CeaseDate. Leave
  it where your system cannot close the placement, and explain it in a note.
module: activeplans
table: placementdetail
fields: [LeavingDate]
years: [2023, null]
source: spec 2.5
---*/
select
    person_id,
    'placementdetail' as table_name,
    placementdetail_id as row_id,
    'LeavingDate' as field,
    leaving_date_text as value,
    'plan ceased on ' || strftime(cease_date, '%d/%m/%Y') as detail
from placement
where
    has_plan_ceased
    and (leaving_date_text is null or leaving_date > cease_date)
order by all
