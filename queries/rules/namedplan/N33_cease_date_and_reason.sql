/*---
id: N33
severity: error
affects: figures
title: Cease date and reason go together
message: The plan has a cease date but no cease reason, or a cease reason but no cease date.
guidance: >
  A plan that has ceased has both CeaseDate and CeaseReason; one that continues has neither. Usually the second one was
  forgotten when the plan was closed, or left behind when it was reopened. Add the one that is missing, or remove the
  other.
module: namedplan
table: namedplan
fields: [CeaseDate, CeaseReason]
years: [2023, null]
source: DfE specification 2025, 2.4.1
---*/
-- The finding is on the item that is missing.
select
    person_id,
    'namedplan' as table_name,
    row_id,
    if(cease_reason is null, 'CeaseReason', 'CeaseDate') as field,
    null as value,
    coalesce(
        'reason ' || cease_reason, 'cease date ' || coalesce(uk_date(cease_date), cease_date_text)
    ) as detail
from namedplan
where (cease_date_text is null) <> (cease_reason is null)
order by all
