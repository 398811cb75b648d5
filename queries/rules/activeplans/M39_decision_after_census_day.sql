/*---
id: M39
severity: error
affects: figures
title: Decision after census day
message: The date of the review outcome is after census day.
guidance: >
  The return covers outcomes that the person was told by census day. Usually the year was mistyped, or the extract was
  run weeks later and included newer decisions. Leave out LastReview and ReviewOutcome if the decision came after census
  day, or correct the date.
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
