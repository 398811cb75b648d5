/*---
id: A11Q
severity: info
affects: figures
title: 20-week exception item missing
message: The assessment ended without a plan and does not say whether an exception to the 20 weeks applied.
guidance: >
  If no plan is issued, this item makes no difference to the published figures, so you can leave it. To complete the
  record, enter 1 if one of the exceptions in the regulations applied, otherwise 0.
module: assessment
table: assessment
fields: [Week20]
years: [2023, null]
source: DfE specification 2025, 2.3
---*/
select
    person_id,
    'assessment' as table_name,
    row_id,
    'Week20' as field,
    null as value,
    'outcome ' || assessment_outcome as detail
from assessment
where week20_text is null and assessment_outcome = 'N'
order by all
