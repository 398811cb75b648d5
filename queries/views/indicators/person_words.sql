-- One row per person: primary need and placement in words, and the establishment: its numbers, and its name if a
-- register is loaded that holds it.
with by_urn as (
    select
        urn,
        max(name) as name
    from establishment
    where urn is not null
    group by urn
),

by_ukprn as (
    select
        ukprn,
        max(name) as name
    from establishment
    where ukprn is not null
    group by ukprn
)

select
    f.person_id,
    need.label as need,
    place.label as place,
    d.urn,
    d.ukprn,
    coalesce(u.name, k.name) as establishment_name
from profile as f
inner join category as need on need.characteristic = 'need' and f.need = need.key
inner join category as place on place.characteristic = 'place' and f.place = place.key
left join person_placement as d on f.person_id = d.person_id
left join by_urn as u on d.urn = u.urn
left join by_ukprn as k on d.urn is null and d.ukprn = k.ukprn
