-- One row per PlacementDetail group, with the plan under the same request.
select
    d.row_id as placementdetail_id,
    d.* exclude (row_id, place, line),
    j.birth_date,
    j.namedplan_id,
    j.start_date,
    j.cease_date,
    j.is_active as is_plan_active,
    j.has_ceased as has_plan_ceased,
    j.review_outcome,
    is_open_at(d.entry_date, d.leaving_date, d.leaving_date_text, $census_date) as is_open
from placementdetail as d
left join request_journey as j on d.requests_id = j.requests_id
