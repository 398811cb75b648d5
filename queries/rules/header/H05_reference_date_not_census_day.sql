/*---
id: H05
severity: error
title: Reference date is not the census date
message: The reference date is missing, is not a real date, or is not the census date of the collection year.
guidance: >
  The census date is the third Thursday of January of the collection year. Every age and every 'on census day'
  figure depends on it. Correct ReferenceDate in the export settings and export again; if Year is wrong too, correct
  that first.
module: header
table: header
fields: [ReferenceDate]
years: [2023, null]
source: spec 1.2
---*/
-- A blank and an unreadable date both count. $census_date cannot be used: it is the file's own date where it has one.
select
    person_id,
    'header' as table_name,
    row_id,
    'ReferenceDate' as field,
    reference_date_text as value,
    'census date ' || uk_date(third_thursday_of_january($collection_year)) as detail
from header
where reference_date is null or reference_date <> third_thursday_of_january($collection_year)
order by all
