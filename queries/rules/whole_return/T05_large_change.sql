/*---
id: T05
severity: query
affects: figures
title: Large change since last year
message: The number of plans or requests has changed by more than a quarter since last year.
guidance: >
  This rule compares four numbers with last year's return, which you loaded: people with a plan on census day, requests
  received, new plans and plans ceased. A change of more than 25% usually means that a group is missing from one of the
  two extracts, that the dates of the extract were wrong, or that closed records were left in. Compare both numbers with
  your case system. If the change is real, leave it and explain it in a note.
module: whole_return
table: return
fields: []
years: [2023, null]
source: Logic check
needs: last_year
---*/
with journey as (
    select
        *,
        false as is_earlier,
        $year_start as first_day,
        $year_end as last_day
    from request_journey
    union all by name
    select
        *,
        true as is_earlier,
        $previous_year_start as first_day,
        $previous_year_end as last_day
    from previous_journey
),

member as (
    select
        is_earlier,
        unnest(['people with a plan on census day', 'requests received', 'new plans', 'plans ceased']) as what,
        unnest([person_id, requests_id, requests_id, requests_id]) as member_id,
        unnest([
            is_active,
            is_within(received_date, first_day, last_day) and request_outcome in ('Y', 'N', 'A', 'W'),
            is_within(start_date, first_day, last_day)
            and transfer_la is null
            and assessment_outcome is distinct from 'H',
            is_within(cease_date, first_day, last_day)
        ]) as is_counted
    from journey
),

figure as (
    select
        what,
        count(distinct member_id) filter (where is_counted and is_earlier) as n_before,
        count(distinct member_id) filter (where is_counted and not is_earlier) as n_now
    from member
    group by what
)

select
    null as person_id,
    'return' as table_name,
    null as row_id,
    null as field,
    null as value,
    what || ': ' || n_before || ' last year, ' || n_now || ' now' as detail
from figure
where abs(n_now - n_before) * 4 > n_before
order by all
