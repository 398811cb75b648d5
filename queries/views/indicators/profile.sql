-- One row per person: the category of every characteristic, and the SEN2 groups as a list; 'none' means not recorded.
-- Without a school census, everyone has 'none' in its characteristics.
with groups as (
    select
        person_id,
        list(sen2_group) as sen2_groups
    from person_group
    group by person_id
)

select
    p.row_id as person_id,
    coalesce(g.stage, 'none') as stage,
    age_group_key(age_at(p.person_birth_date, $august_31)) as age_group,
    age_key(age_at(p.person_birth_date, $august_31)) as age,
    curriculum_year_key(age_at(p.person_birth_date, $august_31)) as year,
    phase_key(age_at(p.person_birth_date, $august_31)) as phase,
    case
        when p.sex in ('M', 'F', 'U') then p.sex
        when p.gender_current = '1' then 'M'
        when p.gender_current = '2' then 'F'
        when p.gender_current in ('0', '9') then 'U'
        else 'none'
    end as sex,
    coalesce(e.parent, 'none') as ethnic_group,
    coalesce(e.key, 'none') as ethnicity,
    coalesce(n.need, 'none') as need,
    coalesce(n.secondary_need, 'none') as need2,
    school_type_key(h.place, c.parent) as school_type,
    coalesce(c.parent, 'placement_unknown') as place_group,
    coalesce(h.place, 'placement_unknown') as place,
    case when h.la_code = $lea then 'in' when h.la_code is not null then 'out' else 'none' end as location,
    yes_no_key(d.sen_unit_indicator) as unit,
    yes_no_key(d.resourced_provision_indicator) as resourced,
    if(d.res in ('A', 'B'), d.res, 'none') as residential,
    yes_no_key(r.plan_pb) as budget,
    coalesce(s.key, 'none') as source,
    coalesce(x.census_match, 'none') as census_match,
    coalesce(x.census_year, 'none') as census_year,
    coalesce(x.census_phase, 'none') as census_phase,
    coalesce(x.fsm, 'none') as fsm,
    coalesce(x.language, 'none') as language,
    coalesce(x.census_ethnic_group, 'none') as census_ethnic_group,
    coalesce(x.census_sen, 'none') as census_sen,
    coalesce(x.young_carer, 'none') as young_carer,
    coalesce(x.previously_looked_after, 'none') as previously_looked_after,
    coalesce(x.service_child, 'none') as service_child,
    coalesce(x.census_unit, 'none') as census_unit,
    coalesce(x.census_resourced, 'none') as census_resourced,
    coalesce(x.census_location, 'none') as census_location,
    m.sen2_groups
from person as p
inner join groups as m on p.row_id = m.person_id
left join person_stage as g on p.row_id = g.person_id
left join census_profile as x on p.row_id = x.person_id
left join person_request as r on p.row_id = r.person_id
left join person_need as n on p.row_id = n.person_id
left join person_placement as d on p.row_id = d.person_id
left join person_establishment as h on p.row_id = h.person_id
left join category as c on c.characteristic = 'place' and h.place = c.key
left join code as k on k.code_set = 'CS080' and p.ethnicity = k.code
left join category as e on e.characteristic = 'ethnicity' and k.published_group = e.label
left join category as s on s.characteristic = 'source' and r.request_source = s.key
