/*---
id: M39
severity: error
title: Decision after census day
message: The review outcome was told after census day.
guidance: >
  The return holds decisions that were told by census day. Usually the year was mistyped, or the extract was made
  weeks later and took in newer decisions. Leave out LastReview and ReviewOutcome of a decision after census day, or
  correct the date.
module: activeplans
table: activeplans
fields: [LastReview]
years: [2023, null]
source: DfE specification 2025, 2.5
---*/
select
    person_id,
    'activeplans' as table_name,
    activeplans_id as row_id,
    'LastReview' as field,
    last_review_text as value,
    'census day ' || uk_date($census_date) as detail
from request_journey
where last_review > $census_date
order by all
