/*---
id: T02
severity: query
affects: figures
title: Most plans of the year carry a 20-week exception
message: More than half of the plans issued in the collection year have a 20-week exception.
guidance: >
  The headline 20-week rate leaves out plans with an exception, so your published rate covers less than half of your
  plans. In 2026 the DfE withheld the 20-week rate of an authority whose plans all had one. Usually Week20 was set to
  yes by default, or for every late plan: being late is not in itself an exception. Check when your system sets Week20.
  If the exceptions are right, leave them and explain in a note why there are so many.
module: whole_return
table: return
fields: [Week20]
years: [2023, null]
source: DfE statistics 2026, footnotes
withheld: true
---*/
with counted as (
    select
        count(*) as n_issued,
        count(*) filter (where week20) as n_exceptions
    from request_journey
    where is_within(issue_date, $year_start, $year_end)
)

select
    null as person_id,
    'return' as table_name,
    null as row_id,
    'Week20' as field,
    null as value,
    n_exceptions || ' of ' || n_issued || ' plans issued in the year' as detail
from counted
where n_issued >= 10 and n_exceptions * 2 > n_issued
order by all
