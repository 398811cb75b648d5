/*---
id: N03
severity: info
affects: figures
title: "Plan starts before EHC plans existed: probably the date of a statement"
message: The plan start date is before 1 September 2014, when EHC plans began.
guidance: >
  EHC plans began on 1 September 2014. An earlier date is nearly always that of the statement of special educational
  needs that the plan replaced. Enter the date of the EHC plan if the case record has it. The DfE does not ask about
  these dates.
module: namedplan
table: namedplan
fields: [StartDate]
years: [2023, null]
source: Children and Families Act 2014
---*/
select
    person_id,
    'namedplan' as table_name,
    row_id,
    'StartDate' as field,
    start_date_text as value,
    null as detail
from namedplan
where start_date < date '2014-09-01'
order by all
