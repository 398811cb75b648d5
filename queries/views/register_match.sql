-- One row a PlanDetail or PlacementDetail group (table_name, row_id), and none while no establishment register is
-- loaded. What the register says of it: is_urn_known; urn_close_date; open_urn and open_establishment (an open
-- establishment with its UKPRN); establishment (name and type), is_mainstream and is_state_funded of its URN, or where
-- that is blank of its UKPRN: NULL where the register does not know it. Mainstream goes by the DfE's published group of
-- the GIAS type (code set GIAS_TYPE).
with detail as (
    select
        'plandetail' as table_name,
        row_id,
        urn,
        ukprn
    from plandetail
    union all
    select
        'placementdetail' as table_name,
        row_id,
        urn,
        ukprn
    from placementdetail
),

register as (
    select
        e.*,
        nullif(concat_ws(', ', e.name, e.type_name), '') as establishment,
        if(e.type_code is null, null, coalesce(t.published_group = 'Mainstream', false)) as is_mainstream,
        is_state_funded(e.type_code) as is_state_funded
    from establishment as e
    left join code as t on t.code_set = 'GIAS_TYPE' and t.code = ltrim(e.type_code, '0')
),

by_urn as (
    select
        urn,
        max(close_date) as close_date,
        min(establishment) as establishment,
        bool_or(is_mainstream) as is_mainstream,
        bool_or(is_state_funded) as is_state_funded
    from register
    group by urn
),

-- Establishments before and after a conversion may share a UKPRN: it is mainstream where one of them is.
by_ukprn as (
    select
        ukprn,
        min(urn) filter (where status in ('Open', 'Open, but proposed to close')) as open_urn,
        min(establishment) as establishment,
        bool_or(is_mainstream) as is_mainstream,
        bool_or(is_state_funded) as is_state_funded
    from register
    group by ukprn
)

select
    d.table_name,
    d.row_id,
    u.urn is not null as is_urn_known,
    u.close_date as urn_close_date,
    k.open_urn,
    o.establishment as open_establishment,
    if(d.urn is null, k.establishment, u.establishment) as establishment,
    if(d.urn is null, k.is_mainstream, u.is_mainstream) as is_mainstream,
    if(d.urn is null, k.is_state_funded, u.is_state_funded) as is_state_funded
from detail as d
left join by_urn as u on d.urn = u.urn
left join by_ukprn as k on d.ukprn = k.ukprn
left join by_urn as o on k.open_urn = o.urn
where exists (from establishment)
