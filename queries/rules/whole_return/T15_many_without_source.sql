/*---
id: T15
severity: info
affects: record
title: Many requests without a source
message: More than 10% of the requests received in the collection year have no source.
guidance: >
  RequestSource says who asked for the assessment: a parent, a school, a health or social care professional. Requests
  without one are published as "not known". Usually the item is left blank in the case system, or older values were not
  mapped to the codes. Fill it in if the case record shows who asked.
module: whole_return
table: return
fields: [RequestSource]
years: [2026, null]
source: DfE statistics 2026, tables
---*/
with counted as (
    select
        count(*) as n_received,
        count(*) filter (where request_source is null) as n_without
    from requests
    where is_within(received_date, $year_start, $year_end) and request_outcome in ('Y', 'N', 'A', 'W')
)

select
    null as person_id,
    'return' as table_name,
    null as row_id,
    'RequestSource' as field,
    null as value,
    n_without || ' of ' || n_received || ' requests received in the year' as detail
from counted
where n_received >= 50 and n_without * 10 > n_received
order by all
