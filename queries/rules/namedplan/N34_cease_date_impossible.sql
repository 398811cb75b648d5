/*---
id: N34
severity: error
affects: figures
title: Cease date impossible
message: The plan ceases before it starts, or after census day.
guidance: >
  A plan cannot cease before its start date, and a return does not include the cease dates of plans that will cease
  after census day. Usually a year was mistyped, or an intended end date was entered. Check StartDate and CeaseDate in
  the case record. Leave out a cease date after census day, and its reason.
module: namedplan
table: namedplan
fields: [CeaseDate]
years: [2023, null]
source: Logic check
---*/
select
    person_id,
    'namedplan' as table_name,
    row_id,
    'CeaseDate' as field,
    cease_date_text as value,
    if(
        cease_date > $census_date,
        'after census day ' || uk_date($census_date),
        'started ' || uk_date(start_date)
    ) as detail
from namedplan
where cease_date < start_date or cease_date > $census_date
order by all
