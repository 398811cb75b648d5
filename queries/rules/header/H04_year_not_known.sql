/*---
id: H04
severity: error
affects: figures
title: Year of the return missing or not supported
message: The year in the header is missing, or is not a return year that can be checked.
guidance: >
  Year must be the four digits of a return year that sen2dash knows, or of one of the three years after the latest of
  them. For a year that is still to come, ReferenceDate must be in that same year or blank. Otherwise the other rules
  use the year of the reference date if sen2dash knows it, or else the latest year that it knows. Correct Year in the
  export settings: it is the year of the January census day, not the calendar year that the return reports on.
module: header
table: header
fields: [Year]
years: [2023, null]
source: DfE specification 2025, 3.2.1
---*/
-- The return is checked for the year in Year if possible: the two differ only if Year cannot be used.
select
    person_id,
    'header' as table_name,
    row_id,
    'Year' as field,
    year as value,
    'checked as ' || $return_year as detail
from header
where year is distinct from cast($return_year as varchar)
order by all
