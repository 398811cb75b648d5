-- One row per person of the return: what linked files are matched and compared with. The placement is the current one
-- of a caseload plan; of anyone else the last one recorded. Its establishment is the register's row of its URN, else of
-- its UKPRN. Run on the return.
with register as (
    select
        e.urn,
        e.ukprn,
        e.la_code,
        try_cast(e.type_code as integer) as type_code,
        e.inspectorate,
        row_number() over (partition by e.urn order by e.close_date is not null, e.name) as urn_place,
        row_number() over (
            partition by e.ukprn order by e.close_date is not null, try_cast(e.urn as bigint) desc nulls last
        ) as ukprn_place
    from establishment as e
),

last_placement as (
    select
        d.person_id,
        max_by(
            d.row_id,
            struct_pack(
                a := coalesce(d.placement_rank = '1', false),
                b := coalesce(d.entry_date, date '0001-01-01'),
                c := d.row_id
            )
        ) as row_id
    from placementdetail as d
    group by d.person_id
),

placed as (
    select
        p.row_id as person_id,
        c.requests_id,
        k.placementdetail_id is not null as has_current,
        coalesce(k.placementdetail_id, if(c.requests_id is null, l.row_id, null)) as placementdetail_id
    from person as p
    left join caseload as c on p.row_id = c.person_id
    left join current_placement as k on c.requests_id = k.requests_id
    left join last_placement as l on p.row_id = l.person_id
),

primary_need as (
    select
        requests_id,
        min_by(coalesce(upper(sen_type), ''), row_id) as need
    from senneed
    where sen_type_rank = '1'
    group by requests_id
),

prepared as (
    select
        row_id as person_id,
        person_birth_date as birth_date,
        nullif(regexp_replace(upper(upn), '[\s\p{Z}]+', '', 'g'), '') as upn,
        case upper(coalesce(sex, gender_current))
            when 'M' then 'M' when '1' then 'M' when 'MALE' then 'M'
            when 'F' then 'F' when '2' then 'F' when 'FEMALE' then 'F'
            else upper(coalesce(sex, gender_current))
        end as sex,
        nullif(unique_learner_number, '9999999999') as uln,
        folded(surname) as surname,
        folded(forename) as forename,
        upper(ethnicity) as ethnicity
    from person
),

shared as (
    select upn from prepared
    group by upn
    having count(*) > 1
)

select
    p.*,
    coalesce(p.upn in (select s.upn from shared as s), false) as is_shared,
    coalesce(
        age_at(p.birth_date, make_date(cast($return_year as integer) - 1, 12, 31)) >= 5
        and age_at(p.birth_date, $august_31) < 16,
        false
    ) as is_school_aged,
    age_at(p.birth_date, $august_31) as age,
    l.requests_id is not null as is_caseload,
    l.has_current,
    nullif(n.need, '') as need,
    regexp_replace(d.urn, '\.0$', '') as urn,
    regexp_replace(d.ukprn, '\.0$', '') as ukprn,
    d.sen_setting,
    d.sen_unit_indicator,
    d.resourced_provision_indicator,
    coalesce(u.urn, k.urn) as register_urn,
    coalesce(u.urn, k.urn) is not null as is_registered,
    if(u.urn is null, k.ukprn, u.ukprn) as register_ukprn,
    if(u.urn is null, k.la_code, u.la_code) as la_code,
    if(u.urn is null, k.type_code, u.type_code) as type_code,
    if(u.urn is null, k.inspectorate, u.inspectorate) as inspectorate
from prepared as p
inner join placed as l on p.person_id = l.person_id
left join placementdetail as d on l.placementdetail_id = d.row_id
left join primary_need as n on l.requests_id = n.requests_id
left join register as u on regexp_replace(d.urn, '\.0$', '') = u.urn and u.urn_place = 1
left join register as k on regexp_replace(d.ukprn, '\.0$', '') = k.ukprn and k.ukprn_place = 1
order by p.person_id
