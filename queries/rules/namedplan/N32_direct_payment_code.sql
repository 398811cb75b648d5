/*---
id: N32
severity: query
affects: record
title: Direct payment code not recognised
message: The direct payment code is not in the list.
guidance: >
  DP takes one of the codes in code set CS112. Usually a yes/no value or a local code was sent. Choose the right code,
  or leave the item out if there are no direct payments. If the DfE has issued a code that is not in the list yet, leave
  it, and ask the person who runs this dashboard to add the code to the list.
module: namedplan
table: namedplan
fields: [DP]
years: [2023, null]
source: Common Basic Data Set, CS112
---*/
select
    person_id,
    'namedplan' as table_name,
    row_id,
    'DP' as field,
    dp as value,
    null as detail
from namedplan
where dp not in (select code from code where code_set = 'CS112')
order by all
