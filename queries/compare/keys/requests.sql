-- One row a request: what it may be paired by. When it was received with its outcome; then when it was received; then
-- when its plan started.
select
    r.row_id,
    r.person_id as parent_id,
    r.received_date_text || chr(31) || coalesce(r.request_outcome, '') as key_0,
    r.received_date_text as key_1,
    n.start_date_text as key_2,
    null as key_3
from requests as r
left join namedplan as n on r.row_id = n.requests_id
