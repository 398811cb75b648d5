-- One row per person: the match, the NC year and its source, the describing enrolment, and why there is no match.
with described as (
    select
        d.*,
        y.code_group as year_group,
        d.nc_year_code = 'X' and coalesce(t.type_code not in (7, 8, 10, 12, 33, 36, 44), false) as is_x_elsewhere
    from describing as d
    left join census_code as y on y.code_set = 'nc_year' and d.nc_year_code = y.code
    left join school_type as t on d.urn = t.urn
),

years as (
    select
        p.person_id,
        nullif(curriculum_year_key(p.age), 'none') as year_of_birth,
        case
            when d.year_group = 'early_years' then 'early'
            when d.nc_year_code = 'R' then '0'
            when d.year_group = 'x' then if(d.is_x_elsewhere, null, 'x')
            when d.year_group is not null and d.year_group <> 'unknown' then d.nc_year_code
        end as year_of_census
    from linked_person as p
    left join described as d on p.person_id = d.person_id
)

select
    p.person_id,
    p.is_school_aged,
    m.step,
    m.match,
    case
        when not p.is_school_aged or m.match in ('exact', 'accepted') then null
        when m.step is not null then 'near'
        when m.match = 'upn_shared' then 'upn_shared'
        when p.upn is null then 'no_upn'
        when p.la_code <> $lea then 'outside'
        when
            not makes_school_census(p.type_code)
            or (p.urn is null and p.ukprn is null and p.sen_setting is not null)
            then 'no_census'
        when p.la_code = $lea and p.type_code is not null then 'to_look_into'
        else 'not_known'
    end as unmatched,
    coalesce(y.year_of_census, y.year_of_birth) as nc_year,
    case when y.year_of_census is not null then 'census' when y.year_of_birth is not null then 'date_of_birth' end
        as nc_year_source,
    y.year_of_birth,
    p.sex,
    p.urn as placed_urn,
    p.ukprn as placed_ukprn,
    p.register_urn,
    coalesce(d.is_x_elsewhere, false) as is_x_elsewhere,
    d.pupil_id is not null as is_described,
    d.laestab,
    d.lea = $lea as is_at_home,
    d.year,
    d.term,
    d.on_roll,
    d.fsm,
    if(d.language is null, null, coalesce(g.code_group, 'other_code')) as language,
    d.language as language_code,
    d.senprovision as sen_provision_code,
    d.youngcarer as young_carer_code,
    d.plaa as plaa_code,
    d.servicechild as service_child_code,
    d.ethnicity,
    if(d.ethnicity is null, null, coalesce(h.code_group, 'other_code')) as ethnicity_group,
    if(d.senprovision is null, null, coalesce(s.code_group, 'other_code')) as sen_provision,
    if(d.youngcarer is null, null, coalesce(c.code_group, 'other_code')) as young_carer,
    case
        when d.plaa is null then null
        when a.code is null then 'other_code'
        else if(a.code_group = 'previously_looked_after', 'yes', 'no')
    end as plaa,
    case
        when d.servicechild is null then null
        when d.servicechild = 'Y' then 'yes'
        when d.servicechild = 'N' then 'no'
        else if(d.servicechild in ('U', 'R'), 'not_known', 'other_code')
    end as service_child,
    if(d.senunitindicator is null, null, if(d.senunitindicator, 'yes', 'no')) as unit,
    if(d.resourcedprovisionindicator is null, null, if(d.resourcedprovisionindicator, 'yes', 'no')) as resourced
from linked_person as p
inner join person_match as m on p.person_id = m.person_id
inner join years as y on p.person_id = y.person_id
left join described as d on p.person_id = d.person_id
left join census_code as g on g.code_set = 'language' and d.language = g.code
left join census_code as s on s.code_set = 'sen_provision' and d.senprovision = s.code
left join census_code as c on c.code_set = 'young_carer' and d.youngcarer = c.code
left join census_code as h on h.code_set = 'ethnicity' and d.ethnicity = h.code
left join census_code as a on a.code_set = 'plaa' and d.plaa = a.code
