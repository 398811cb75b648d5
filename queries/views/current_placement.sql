-- One row per caseload plan that has a placement open on census day: rank 1 before rank 2 before any other, then the
-- latest entry date, then the later in the file.
with chosen as (
    select
        max_by(
            p.placementdetail_id,
            struct_pack(
                a := case p.placement_rank when '1' then 3 when '2' then 2 else 1 end,
                b := p.entry_date,
                c := p.placementdetail_id
            )
        ) as placementdetail_id
    from placement as p
    inner join caseload as c on p.requests_id = c.requests_id
    where p.is_open
    group by p.requests_id
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
    p.sen_unit_indicator,
    p.resourced_provision_indicator,
    p.res,
    p.wbp,
    p.attendance_pattern
from placement as p
inner join chosen as c on p.placementdetail_id = c.placementdetail_id
