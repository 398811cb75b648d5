/*---
id: N02
severity: error
affects: figures
title: Plan start date impossible
message: The plan start date is after census day or before the person was born.
guidance: >
  A plan in this return must have started by census day, and never before the person was born. Usually a year was
  mistyped, or the date of birth is wrong. Check both dates in the case record. A plan that starts after census day
  belongs in the next return.
module: namedplan
table: namedplan
fields: [StartDate]
years: [2023, null]
source: Logic check
---*/
select
    person_id,
    'namedplan' as table_name,
    namedplan_id as row_id,
    'StartDate' as field,
    start_date_text as value,
    if(
        start_date > $census_date,
        'after census day ' || uk_date($census_date),
        'born ' || uk_date(birth_date)
    ) as detail
from request_journey
where start_date > $census_date or start_date < birth_date
order by all
