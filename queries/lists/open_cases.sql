-- One row a case in the cohort that is open on census day: those next to reach their limit first, those past it last.
with open_case as (
    select
        *,
        assessment_id is not null as is_assessed
    from request_journey
    where
        received_date <= $census_date
        and is_open_case(
            request_outcome, assessment_id, assessment_outcome, assessment_outcome_date_text, namedplan_id
        )
        and person_id in (select person_id from cohort_person($cohort_characteristics, $cohort_categories))
),

timed as (
    select
        *,
        days_from(received_date, $census_date) as days_elapsed,
        if(is_assessed, $twenty_weeks_days, $six_weeks_days) as limit_days
    from open_case
)

select
    t.person_id,
    p.surname,
    p.forename,
    p.person_birth_date_text as birth_date,
    p.upn,
    if(t.is_assessed, 'Plan or refusal', 'Decision to assess') as awaited,
    t.received_date,
    cast(t.days_elapsed as bigint) as days_elapsed,
    cast(greatest(t.limit_days - t.days_elapsed, 0) as bigint) as days_left,
    cast(greatest(t.days_elapsed - t.limit_days, 0) as bigint) as days_over,
    days_after(t.received_date, t.limit_days) as due_date,
    t.days_elapsed > t.limit_days as is_over,
    if(t.week20, 'Yes', '') as exception
from timed as t
inner join person as p on t.person_id = p.row_id
order by is_over, days_left, days_over, t.received_date, t.person_id
