/*---
id: N41
severity: error
affects: figures
title: Two active plans for one person
message: The person has more than one plan that has started and has no cease date.
guidance: >
  A person has one EHC plan at a time. Usually an amended plan was recorded as a new one, or the plan that was replaced
  was never closed. If it is one plan that was amended, return it once, with the date on which it was first issued. If
  one plan replaced another, enter the CeaseDate and CeaseReason of the earlier one.
module: namedplan
table: namedplan
fields: [NamedPlan]
years: [2023, null]
source: DfE specification 2025, 2.4
---*/
-- One finding for each of the plans.
select
    person_id,
    'namedplan' as table_name,
    row_id,
    'NamedPlan' as field,
    null as value,
    'started ' || uk_date(start_date) as detail
from namedplan
where start_date <= $census_date and cease_date_text is null
qualify count(*) over (partition by person_id) > 1
order by all
