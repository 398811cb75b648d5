/*---
id: T02
severity: query
title: Most plans of the year carry a 20-week exception
message: More than half of the plans issued in the collection year carry a 20-week exception.
guidance: >
  Plans with an exception stay out of the headline 20-week rate, so the published rate rests on less than half of your
  plans. In 2026 the DfE withheld the 20-week rate of an authority whose plans all carried one. Usually Week20 was
  filled with yes by default, or set for every late plan: lateness alone is no exception. Check when your system sets
  Week20. Where the exceptions are right leave them and explain in a note how they arose.
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
