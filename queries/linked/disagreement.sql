-- One row a person with a describing enrolment and a kind of disagreement between the two returns.
with census_need as (
    select
        n.pupil_id,
        min_by(coalesce(n.sentype, ''), n.seq) as need
    from need as n
    inner join describing as d on n.pupil_id = d.pupil_id
    where n.sentyperank = 1 and d.term = 'SPR'
    group by n.pupil_id
),

side_by_side as (
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
),

judged as (
    select
        person_id,
        unnest([
            struct_pack(kind := 'plan_not_in_census', holds := is_caseload and senprovision not in ('E', 'S')),
            struct_pack(kind := 'plan_in_census_alone', holds := not is_caseload and senprovision in ('E', 'S')),
            struct_pack(kind := 'need', holds := is_caseload and need <> census_need),
            struct_pack(kind := 'unit', holds := has_current and sen_unit_indicator <> senunitindicator),
            struct_pack(
                kind := 'resourced',
                holds := has_current and resourced_provision_indicator <> resourcedprovisionindicator
            ),
            struct_pack(kind := 'school', holds := has_current and on_roll and urn <> census_urn),
            struct_pack(
                kind := 'ethnicity',
                holds := own_group <> census_group
                and own_group <> 'Unclassified'
                and census_group <> 'Unclassified'
            )
        ]) as one
    from side_by_side
)

select
    person_id,
    one.kind
from judged
where one.holds
