-- One row per caseload plan with its current placement; placementdetail_id is NULL if there is none.
select
    c.person_id,
    c.requests_id,
    c.namedplan_id,
    c.start_date,
    p.placementdetail_id,
    p.sen_setting,
    p.res,
    p.wbp,
    p.sen_unit_indicator,
    p.resourced_provision_indicator,
    p.attendance_pattern
from caseload as c
left join current_placement as p on c.requests_id = p.requests_id
