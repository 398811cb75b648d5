-- One row per plan that started in the collection year and is neither historical nor transferred in.
select
    person_id,
    requests_id,
    namedplan_id,
    start_date
from request_journey
where
    is_within(start_date, $year_start, $year_end)
    and assessment_outcome is distinct from 'H'
    and transfer_la is null
