/*---
id: M26
severity: query
affects: figures
title: Work-based learning code not recognised
message: The work-based learning code of the placement is not in the list.
guidance: >
  WBP takes one of the codes in code set CS111: an apprenticeship, a traineeship or a supported internship. Usually a
  yes/no value or a local code was sent. Choose the right code, or leave the item out if there is no work-based
  learning. If the DfE has issued a code that is not in the list yet, leave it, and ask the person who runs this
  dashboard to add the code to the list.
module: activeplans
table: placementdetail
fields: [WBP]
years: [2024, null]
source: Common Basic Data Set, CS111
---*/
select
    person_id,
    'placementdetail' as table_name,
    placementdetail_id as row_id,
    'WBP' as field,
    wbp as value,
    null as detail
from placement
where wbp not in (select code from code where code_set = 'CS111')
order by all
