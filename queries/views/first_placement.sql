-- One row per Requests group that has a rank 1 placement open on census day: the latest entry date; if tied, the later
-- in the file.
with chosen as (
    select max_by(placementdetail_id, struct_pack(a := entry_date, b := placementdetail_id)) as placementdetail_id
    from placement
    where is_open and placement_rank = '1'
    group by requests_id
)

select
    p.placementdetail_id,
    p.person_id,
    p.requests_id,
    p.namedplan_id,
    p.urn,
    p.ukprn,
    p.sen_setting,
    p.placement_rank,
    p.entry_date,
    p.res,
    p.is_plan_active
from placement as p
inner join chosen as c on p.placementdetail_id = c.placementdetail_id
