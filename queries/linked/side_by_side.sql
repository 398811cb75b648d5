-- One row per person with a describing enrolment: what the two returns say that can be compared.
with census_need as (
    select
        n.pupil_id,
        min_by(coalesce(n.sentype, ''), n.seq) as need
    from need as n
    inner join describing as d on n.pupil_id = d.pupil_id
    where n.sentyperank = 1 and d.term = 'SPR'
    group by n.pupil_id
)

select
    p.*,
    d.senprovision,
    d.on_roll,
    d.urn as census_urn,
    d.senunitindicator,
    d.resourcedprovisionindicator,
    nullif(n.need, '') as census_need,
    o.code_group as own_group,
    c.code_group as census_group
from linked_person as p
inner join describing as d on p.person_id = d.person_id
left join census_need as n on d.pupil_id = n.pupil_id
left join own_ethnicity as o on p.ethnicity = o.code
left join census_code as c on c.code_set = 'ethnicity' and d.ethnicity = c.code
