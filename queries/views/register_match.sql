-- One row per PlanDetail or PlacementDetail group (table_name, row_id); no rows if no establishment register is loaded.
-- It holds what the register says. For its URN only: is_urn_known, urn_close_date, is_mainstream,
-- resourced_provision and provision (the same for comparing, '' if blank). For its UKPRN: open_urn and
-- open_establishment (an open establishment with that UKPRN). For its URN or, if that is blank, its UKPRN:
-- establishment (name and type), gias_types and is_state_funded. NULL if it is not in the register, or if the value
-- could not be read: unread then names the columns. is_mainstream follows the DfE's published group of the GIAS type
-- (code set GIAS_TYPE).
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
        ltrim(e.type_code, '0') as gias_type,
        if(e.type_code is null, null, coalesce(t.published_group = 'Mainstream', false)) as is_mainstream,
        is_state_funded(e.type_code) as is_state_funded,
        if(names_column(e.unread, 'resourced_provision'), null, coalesce(squashed(e.resourced_provision), ''))
            as provision
    from establishment as e
    left join code as t on t.code_set = 'GIAS_TYPE' and t.code = ltrim(e.type_code, '0')
),

by_urn as (
    select
        urn,
        max(close_date) as close_date,
        min(establishment) as establishment,
        list(distinct gias_type) as gias_types,
        bool_or(is_mainstream) as is_mainstream,
        bool_or(is_state_funded) as is_state_funded,
        min(resourced_provision) as resourced_provision,
        min(provision) as provision,
        string_agg(unread, ' ') as unread
    from register
    where urn is not null
    group by urn
),

-- Establishments before and after a conversion may share a UKPRN. If the URN of one is lost, the UKPRN says less.
by_ukprn as (
    select
        ukprn,
        min(urn) filter (where status in ('Open', 'Open, but proposed to close')) as open_urn,
        min(establishment) as establishment,
        list(distinct gias_type) as gias_types,
        bool_or(is_state_funded) as is_state_funded,
        string_agg(concat_ws(' ', unread, if(urn is null, 'ukprn', null)), ' ') as unread
    from register
    where ukprn is not null
    group by ukprn
),

lost as (
    select
        coalesce(bool_or(urn is null), false) as is_urn_lost,
        coalesce(bool_or(names_column(unread, 'ukprn')), false) as is_ukprn_lost
    from establishment
)

select
    d.table_name,
    d.row_id,
    d.urn is not null as has_urn,
    if(u.urn is null and l.is_urn_lost, null, u.urn is not null) as is_urn_known,
    u.close_date as urn_close_date,
    u.is_mainstream,
    u.resourced_provision,
    u.provision,
    k.open_urn,
    o.establishment as open_establishment,
    if(d.urn is null, k.establishment, u.establishment) as establishment,
    if(d.urn is null, k.gias_types, u.gias_types) as gias_types,
    if(d.urn is null, k.is_state_funded, u.is_state_funded) as is_state_funded,
    case
        when u.urn is not null then u.unread
        when d.urn is not null then if(l.is_urn_lost, 'urn', null)
        when k.ukprn is not null then k.unread
        when d.ukprn is not null then if(l.is_ukprn_lost, 'ukprn', null)
    end as unread
from detail as d
cross join lost as l
left join by_urn as u on d.urn = u.urn
left join by_ukprn as k on d.ukprn = k.ukprn
left join by_urn as o on k.open_urn = o.urn
where exists (from establishment)
