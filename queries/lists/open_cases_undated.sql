-- One row: how many cases of the cohort are open without a date received that can be read, and so have no limit.
select count(*) as n
from request_journey
where
    received_date is null
    and is_open_case(request_outcome, assessment_id, assessment_outcome, assessment_outcome_date_text, namedplan_id)
    and person_id in (select person_id from cohort_person($cohort_characteristics, $cohort_categories))
