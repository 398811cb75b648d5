/*---
id: H05
severity: error
affects: figures
title: Reference date is not the census date
message: The reference date is missing, is not a real date, or is not the census day of the return.
guidance: >
  Census day is the third Thursday in January of the year in the header. Every age and every 'on census day' figure
  depends on it. Correct ReferenceDate in the export settings and export again. If Year is wrong too, correct that
  first.
module: header
table: header
fields: [ReferenceDate]
years: [2023, null]
source: DfE specification 2025, 1.2
---*/
-- A blank and an unreadable date both count. $census_date cannot be used: it is the file's own date if it has one.
select
    person_id,
    'header' as table_name,
    row_id,
    'ReferenceDate' as field,
    reference_date_text as value,
    'census day ' || uk_date($census_day_of_year) as detail
from header
where reference_date is null or reference_date <> $census_day_of_year
order by all
