/*---
id: M23
severity: query
affects: figures
title: Placement still open after the plan ended
message: The plan has ended, but the placement is still open or ends later.
guidance: >
  Usually the placement was left open when the plan was closed, or CeaseDate is wrong. Enter the date on which the
  placement ended, or correct CeaseDate. If the person stays at the school or college without a plan, the placement
  under the plan ends on the day on which the plan ceased. If your system cannot show that, leave it and explain it in a
  note.
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
    'plan ceased on ' || uk_date(cease_date) as detail
from placement
where
    has_plan_ceased
    and (leaving_date_text is null or leaving_date > cease_date)
order by all
