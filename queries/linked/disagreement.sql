-- One row per person with a describing enrolment and kind of disagreement of the two returns, with what each says.
with judged as (
    select
        person_id,
        unnest([
            struct_pack(
                kind := 'plan_not_in_census',
                own := 'plan',
                other := senprovision,
                holds := is_caseload and senprovision not in ('E', 'S')
            ),
            struct_pack(
                kind := 'plan_in_census_alone',
                own := 'no plan',
                other := senprovision,
                holds := not is_caseload and senprovision in ('E', 'S')
            ),
            struct_pack(
                kind := 'need', own := need, other := census_need, holds := is_caseload and need <> census_need
            ),
            struct_pack(
                kind := 'unit',
                own := if(sen_unit_indicator, 'yes', 'no'),
                other := if(senunitindicator, 'yes', 'no'),
                holds := has_current and sen_unit_indicator <> senunitindicator
            ),
            struct_pack(
                kind := 'resourced',
                own := if(resourced_provision_indicator, 'yes', 'no'),
                other := if(resourcedprovisionindicator, 'yes', 'no'),
                holds := has_current and resourced_provision_indicator <> resourcedprovisionindicator
            ),
            struct_pack(
                kind := 'school',
                own := urn,
                other := census_urn,
                holds := has_current and on_roll and urn <> census_urn
            ),
            struct_pack(
                kind := 'ethnicity',
                own := own_group,
                other := census_group,
                holds := own_group <> census_group
                and own_group <> 'Unclassified'
                and census_group <> 'Unclassified'
            )
        ]) as one
    from side_by_side
)

select
    person_id,
    one.kind,
    one.own,
    one.other
from judged
where one.holds
order by person_id, one.kind
