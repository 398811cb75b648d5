-- One row per request: its keys for pairing. First the date received with the outcome; then the date received; then the
-- date its plan started.
select
    r.row_id,
    r.person_id as parent_id,
    r.received_date_text || chr(31) || coalesce(r.request_outcome, '') as key_0,
    r.received_date_text as key_1,
    n.start_date_text as key_2,
    null as key_3
from requests as r
left join namedplan as n on r.row_id = n.requests_id
