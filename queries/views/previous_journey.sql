-- One row per Requests group of the earlier return with its assessment and plan, and whether the plan was active on
-- that return's census day.
select
    r.row_id as requests_id,
    r.person_id,
    r.received_date,
    r.received_date_text,
    r.request_outcome,
    a.row_id as assessment_id,
    a.assessment_outcome,
    n.row_id as namedplan_id,
    n.start_date,
    n.cease_date,
    n.cease_date_text,
    v.transfer_la,
    is_active_at(n.start_date, n.cease_date, n.cease_date_text, $previous_census_date) as is_active
from previous.requests as r
left join previous.assessment as a on r.row_id = a.requests_id
left join previous.namedplan as n on a.row_id = n.assessment_id
left join previous.activeplans as v on r.row_id = v.requests_id
