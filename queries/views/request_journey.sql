-- One row per Requests group: the request with its assessment, plan and ActivePlans group, each at most one.
select
    r.row_id as requests_id,
    r.person_id,
    r.* exclude (row_id, person_id, place, line),
    a.row_id as assessment_id,
    a.* exclude (row_id, person_id, requests_id, place, line),
    n.row_id as namedplan_id,
    n.* exclude (row_id, person_id, requests_id, assessment_id, place, line),
    v.row_id as activeplans_id,
    v.* exclude (row_id, person_id, requests_id, place, line),
    p.person_birth_date as birth_date,
    issued_on(
        a.assessment_outcome, a.assessment_outcome_date, a.assessment_outcome_date_text, n.start_date
    ) as issue_date,
    is_active_at(n.start_date, n.cease_date, n.cease_date_text, $census_date) as is_active,
    has_ceased_by(n.cease_date, $census_date) as has_ceased
from requests as r
left join person as p on r.person_id = p.row_id
left join assessment as a on r.row_id = a.requests_id
left join namedplan as n on a.row_id = n.assessment_id
left join activeplans as v on r.row_id = v.requests_id
