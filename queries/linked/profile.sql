-- One row per person: the category of every characteristic that a school census gives.
select
    person_id,
    case when match = 'none' then 'no_record' when starts_with(match, 'near_') then 'near' else match end
        as census_match,
    nc_year as census_year,
    case
        when nc_year in ('early', 'x') then nc_year
        when try_cast(nc_year as integer) <= 6 then 'primary'
        when try_cast(nc_year as integer) <= 11 then 'secondary'
        when try_cast(nc_year as integer) <= 14 then 'post_16'
        when nc_year is not null then 'post_19'
    end as census_phase,
    fsm,
    language,
    if(ethnicity_group = 'other_code', ethnicity_group, g.parent) as census_ethnic_group,
    if(sen_provision = 'none', 'no_sen', sen_provision) as census_sen,
    young_carer,
    plaa as previously_looked_after,
    service_child,
    unit as census_unit,
    resourced as census_resourced,
    if(is_at_home, 'in', if(is_at_home is null, null, 'out')) as census_location
from person_census as p
left join ethnic_parent as g on p.ethnicity_group = g.label
order by person_id
