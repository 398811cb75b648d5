-- One row per request received in the collection year and not historical: agreed, refused, awaited or withdrawn.
select
    person_id,
    requests_id,
    received_date,
    request_outcome,
    request_mediation,
    request_tribunal
from request_journey
where is_within(received_date, $year_start, $year_end) and request_outcome in ('Y', 'N', 'A', 'W')
