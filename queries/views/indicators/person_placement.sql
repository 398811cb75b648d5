-- One row per person with a placement: the current placement of the caseload plan; for people without an active plan,
-- the last placement recorded, rank 1 first. A caseload plan without an open placement has none.
with candidate as (
    select
        person_id,
        placementdetail_id,
        true as is_current,
        placement_rank,
        entry_date
    from current_placement
    union all
    select
        person_id,
        placementdetail_id,
        false as is_current,
        placement_rank,
        entry_date
    from placement
    where person_id not in (select person_id from caseload)
)

select
    c.person_id,
    d.urn,
    d.ukprn,
    d.sen_setting,
    d.sen_unit_indicator,
    d.resourced_provision_indicator,
    d.res
from candidate as c
inner join placementdetail as d on c.placementdetail_id = d.row_id
qualify
    row_number() over (
        partition by c.person_id
        order by (c.placement_rank = '1') desc nulls last, c.entry_date desc nulls last, c.placementdetail_id desc
    ) = 1
