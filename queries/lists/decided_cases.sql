-- One row per member of a timeliness indicator that is in the cohort, those most over the limit first.
with decided as (
    select
        m.person_id,
        m.row_id,
        m.in_numerator,
        j.received_date,
        a.is_exception,
        a.is_challenged,
        if(m.table_name = 'requests', j.request_outcome_date, a.decision_date) as decision_date
    from member as m
    inner join row_age as r on m.table_name = r.table_name and m.row_id = r.row_id
    inner join request_journey as j on r.requests_id = j.requests_id
    left join assessment_completed as a on m.table_name = 'assessment' and m.row_id = a.assessment_id
    where
        m.indicator_id = $indicator_id
        and m.person_id in (select person_id from cohort_person($cohort_characteristics, $cohort_categories))
),

timed as (
    select
        *,
        days_from(received_date, decision_date) as days_taken
    from decided
)

select
    d.person_id,
    d.row_id,
    p.surname,
    p.forename,
    p.person_birth_date_text as birth_date,
    p.upn,
    w.need,
    w.place,
    w.urn,
    w.ukprn,
    w.establishment_name,
    t.work_group as team,
    d.received_date,
    d.decision_date,
    cast(month(d.decision_date) as bigint) as month,
    round(d.days_taken / 7, 1) as weeks,
    cast(d.days_taken as bigint) as days,
    cast(if(d.days_taken > $limit_days, d.days_taken - $limit_days, null) as bigint) as days_over,
    d.in_numerator,
    d.in_numerator = $counts_late as is_late,
    if(d.is_exception, 'Yes', '') as exception,
    if(d.is_challenged, 'Yes', '') as challenged
from timed as d
inner join person as p on d.person_id = p.row_id
inner join person_words as w on d.person_id = w.person_id
left join person_team as t on d.person_id = t.person_id
order by is_late desc, days desc nulls first, d.person_id asc, d.row_id asc
