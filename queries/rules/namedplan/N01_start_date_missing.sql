/*---
id: N01
severity: error
affects: figures
effect: "{n} plan{s} cannot be counted, because the start date is missing"
title: Plan start date missing
message: The plan has no start date.
guidance: >
  Every named plan needs the date on which the EHC plan was issued. Usually the plan was recorded before it was final,
  or the date was not carried over from the case record. Enter the date of the final plan as StartDate. If no plan was
  issued, remove the NamedPlan group.
module: namedplan
table: namedplan
fields: [StartDate]
years: [2023, null]
source: DfE specification 2025, 2.4
---*/
-- A date that cannot be read is present: H21 reports it.
select
    person_id,
    'namedplan' as table_name,
    row_id,
    'StartDate' as field,
    start_date_text as value,
    null as detail
from namedplan
where start_date_text is null
order by all
