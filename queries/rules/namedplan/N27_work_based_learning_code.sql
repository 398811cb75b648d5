/*---
id: N27
severity: query
affects: record
title: Work-based learning code not recognised
message: The work-based learning code of the plan is not in the list.
guidance: >
  PlanWBP takes one of the codes in code set CS111. Usually a yes/no value or a local code was sent. Choose the right
  code, or leave the item out if the plan names no work-based learning. If the DfE has issued a code that is not in the
  list yet, leave it, and ask the person who runs this dashboard to add the code to the list.
module: namedplan
table: namedplan
fields: [PlanWBP]
years: [2023, null]
source: Common Basic Data Set, CS111
---*/
select
    person_id,
    'namedplan' as table_name,
    row_id,
    'PlanWBP' as field,
    plan_wbp as value,
    null as detail
from namedplan
where plan_wbp not in (select code from code where code_set = 'CS111')
order by all
