-- One row per assessment with a decision, whether or not to issue a plan, in the collection year.
with decided as (
    select
        person_id,
        requests_id,
        assessment_id,
        received_date,
        assessment_outcome,
        if(assessment_outcome = 'Y', issue_date, assessment_outcome_date) as decision_date,
        assessment_mediation,
        assessment_tribunal,
        other_mediation,
        other_tribunal,
        week20 is true as is_exception,
        coalesce(request_mediation, false)
        or coalesce(request_tribunal, false)
        or coalesce(assessment_mediation, false)
        or coalesce(assessment_tribunal, false)
        or coalesce(other_mediation, false)
        or coalesce(other_tribunal, false) as is_challenged
    from request_journey
    where assessment_outcome in ('Y', 'N')
)

select
    *,
    days_from(received_date, decision_date) as days_to_decide
from decided
where is_within(decision_date, $year_start, $year_end)
