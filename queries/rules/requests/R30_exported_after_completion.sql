/*---
id: R30
severity: query
affects: figures
title: Moved before completion although the assessment is complete
message: The return says that the person moved before completion, but the assessment is decided or there is a plan.
guidance: >
  Exported is for people who moved while the request or assessment was still open. When a person with a plan moves, you
  cease the plan with reason 5 instead. Remove Exported and cease the plan, or correct the assessment outcome. If it is
  right, explain it in a note.
module: requests
table: requests
fields: [Exported]
years: [2023, null]
source: DfE specification 2025, 2.3
---*/
select
    person_id,
    'requests' as table_name,
    requests_id as row_id,
    'Exported' as field,
    exported as value,
    concat_ws(
        ', ', 'assessment outcome ' || assessment_outcome, if(namedplan_id is not null, 'a plan', null)
    ) as detail
from request_journey
where exported is not null and (assessment_outcome in ('Y', 'N', 'H') or namedplan_id is not null)
order by all
