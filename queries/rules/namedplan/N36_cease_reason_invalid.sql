/*---
id: N36
severity: error
affects: figures
title: Cease reason invalid
message: The cease reason is not one of the codes of the collection.
guidance: >
  CeaseReason takes one of the codes 1 to 9 in code set CS113. Usually a local code or a text was sent. Choose the code
  that says why the plan ceased.
module: namedplan
table: namedplan
fields: [CeaseReason]
years: [2023, null]
source: Common Basic Data Set, CS113
---*/
select
    person_id,
    'namedplan' as table_name,
    row_id,
    'CeaseReason' as field,
    cease_reason as value,
    null as detail
from namedplan
where cease_reason not in (select code from code where code_set = 'CS113')
order by all
