-- One row per assessment of the cohort that was completed in the collection year: the decision, and whether it came at
-- most 16 weeks after the request was received. Without a date received it did not.
select
    a.person_id,
    a.assessment_id as row_id,
    p.surname,
    p.forename,
    p.person_birth_date_text as birth_date,
    p.upn,
    a.received_date,
    a.decision_date,
    a.assessment_outcome,
    a.received_date is not null as is_timed,
    cast(a.days_to_decide as bigint) as days,
    round(a.days_to_decide / 7, 1) as weeks,
    coalesce(a.days_to_decide <= $sixteen_weeks_days, false) as is_within
from assessment_completed as a
inner join person as p on a.person_id = p.row_id
where a.person_id in (select person_id from cohort_person($cohort_characteristics, $cohort_categories))
order by is_within asc, days desc nulls first, a.person_id asc, row_id asc
