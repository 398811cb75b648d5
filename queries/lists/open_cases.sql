-- One row per case in the cohort that is open on census day: those longest past their limit first, then the next to
-- reach it. days_to_limit is negative past the limit.
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
    w.need,
    w.place,
    w.urn,
    w.ukprn,
    w.establishment_name,
    g.work_group as team,
    t.received_date,
    cast(t.days_elapsed as bigint) as days_elapsed,
    cast(t.limit_days - t.days_elapsed as bigint) as days_to_limit,
    cast(greatest(t.limit_days - t.days_elapsed, 0) as bigint) as days_left,
    cast(greatest(t.days_elapsed - t.limit_days, 0) as bigint) as days_over,
    days_after(t.received_date, t.limit_days) as due_date,
    t.days_elapsed > t.limit_days as is_over,
    if(t.week20, 'Yes', '') as exception
from timed as t
inner join person as p on t.person_id = p.row_id
inner join person_words as w on t.person_id = w.person_id
left join person_team as g on t.person_id = g.person_id
order by days_to_limit, t.received_date, t.person_id
