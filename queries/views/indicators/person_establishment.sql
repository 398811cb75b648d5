-- One row per person with a placement: the published establishment category and the authority it is in. The register
-- decides, by URN, else by UKPRN; then SENsetting. A URN or UKPRN that is not in it has no known type.
with by_ukprn as (
    select *
    from known_establishment
    where ukprn is not null
    qualify row_number() over (partition by ukprn order by is_open desc, urn desc) = 1
),

by_urn as (
    select * from known_establishment
    qualify row_number() over (partition by urn order by is_open desc) = 1
),

matched as (
    select
        p.*,
        coalesce(u.la_code, k.la_code) as la_code,
        coalesce(u.type_code, k.type_code) as type_code,
        u.urn is not null or k.ukprn is not null as is_in_register
    from person_placement as p
    left join by_urn as u on p.urn = u.urn
    left join by_ukprn as k on u.urn is null and p.ukprn = k.ukprn
)

select
    m.person_id,
    m.la_code,
    case
        when m.sen_unit_indicator and t.type_code is not null then t.place_sen_unit
        when m.resourced_provision_indicator and t.type_code is not null then t.place_resourced
        when t.type_code is not null then t.place
        when m.is_in_register then 'not_known'
        when
            m.sen_setting = 'NIEO'
            and age_at(p.person_birth_date, $year_end) >= 5
            and age_at(p.person_birth_date, $august_31) < 16
            then 'neet_other_csa'
        when s.place is not null then s.place
        -- The extract lacks too many to say so.
        when
            m.urn is null and m.ukprn is not null and exists (from establishment where ukprn is not null)
            then 'ukrlp_provider'
        when m.urn is not null or m.ukprn is not null then 'not_known'
        else 'placement_unknown'
    end as place
from matched as m
inner join person as p on m.person_id = p.row_id
left join establishment_type as t on ltrim(m.type_code, '0') = t.type_code
left join sen_setting as s on m.sen_setting = s.sen_setting
