-- One row per plan that ceased in the collection year.
select
    person_id,
    requests_id,
    namedplan_id,
    cease_date,
    cease_reason
from request_journey
where is_within(cease_date, $year_start, $year_end)
