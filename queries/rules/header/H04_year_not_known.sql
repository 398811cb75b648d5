/*---
id: H04
severity: error
title: Collection year missing or not supported
message: The collection year in the header is missing or is not one that can be checked.
guidance: >
  Year must be four digits and one of the collection years that are known here. The other rules then take the year
  of the reference date, or the latest known year. Correct Year in the export settings: it is the year of the
  January census day, not the calendar year that the return reports on.
module: header
table: header
fields: [Year]
years: [2023, null]
source: spec 3.2.1
---*/
-- The collection year is that of Year where it is a known one: they only differ where Year is blank or unknown.
select
    person_id,
    'header' as table_name,
    row_id,
    'Year' as field,
    year as value,
    'checked as ' || $collection_year as detail
from header
where year is distinct from cast($collection_year as varchar)
order by all
