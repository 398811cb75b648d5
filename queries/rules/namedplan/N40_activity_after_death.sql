/*---
id: N40
severity: query
affects: record
title: Activity after death
message: The plan ceased because the person died, but something is recorded for the person after that.
guidance: >
  Nothing should be dated after the day on which a plan ceased because the person died. Usually the reason was chosen by
  mistake, or the cease date is wrong: check this with care before you write to anyone. Correct CeaseReason, CeaseDate
  or the later date. If a formal step was recorded after the death, leave it and explain it in a note.
module: namedplan
table: namedplan
fields: [CeaseReason]
years: [2023, null]
source: Logic check
---*/
-- greatest and max ignore missing dates.
with activity as (
    select
        person_id,
        greatest(
            received_date, request_outcome_date, assessment_outcome_date, start_date, review_meeting
        ) as day
    from request_journey
    union all
    select
        person_id,
        entry_date as day
    from placementdetail
),

last_activity as (
    select
        person_id,
        max(day) as day
    from activity
    group by person_id
)

select
    p.person_id,
    'namedplan' as table_name,
    p.row_id,
    'CeaseReason' as field,
    p.cease_reason as value,
    'ceased ' || uk_date(p.cease_date) || ', last activity ' || uk_date(a.day) as detail
from namedplan as p
inner join last_activity as a on p.person_id = a.person_id
where p.cease_reason = '8' and a.day > p.cease_date
order by all
