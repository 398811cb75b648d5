/*---
id: T12
severity: query
affects: figures
title: Most plans of the year have no date of the request
message: More than half of the plans issued in the collection year have no date on which the request was received.
guidance: >
  Without ReceivedDate nobody can tell how long a plan took, so the 20-week rate leaves the plan out. In 2026 the DfE
  withheld the request, assessment and 20-week figures of an authority whose return had no such dates. Usually the
  extract leaves the item out, or the case system keeps the date in another field. Check the extract and add the dates.
module: whole_return
table: return
fields: [ReceivedDate]
years: [2023, null]
source: DfE statistics 2026, footnotes
withheld: true
---*/
with counted as (
    select
        count(*) as n_issued,
        count(*) filter (where received_date is null) as n_undated
    from request_journey
    where is_within(issue_date, $year_start, $year_end)
)

select
    null as person_id,
    'return' as table_name,
    null as row_id,
    'ReceivedDate' as field,
    null as value,
    n_undated || ' of ' || n_issued || ' plans issued in the year' as detail
from counted
where n_issued >= 20 and n_undated * 2 > n_issued
order by all
