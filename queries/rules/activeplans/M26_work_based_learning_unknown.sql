/*---
id: M26
severity: query
title: Work-based learning code not recognised
message: The work-based learning code of the placement is not recognised.
guidance: >
  WBP says whether the person is in an apprenticeship, a traineeship or a supported internship. The letters are a
  setting of this tool (SEN2DASH_WORK_BASED_LEARNING_CODES), because published sources differ on them. Check the code
  against the DfE's list: correct it in the case record where it is wrong; where the DfE's list has it, change the
  setting instead.
module: activeplans
table: placementdetail
fields: [WBP]
years: [2024, null]
source: CS111
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
