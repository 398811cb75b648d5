-- One row per person with a request: the furthest stage reached, and whether anything is still open.
select
    person_id,
    case
        when bool_or(is_active) then 'plan_active'
        when bool_or(has_ceased) then 'plan_ceased'
        when bool_or(namedplan_id is not null) then 'plan_other'
        when bool_or(assessment_id is not null) then 'assessment'
        else 'request'
    end as stage,
    bool_or(is_active or is_undecided(request_outcome) or is_undecided(assessment_outcome)) as has_open
from request_journey
group by person_id
