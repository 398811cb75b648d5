-- One row a code set and code that is not in its list: how often it stands in the rows kept.
with named as (
    select
        unnest([
            struct_pack(code_set := 'sex', code := sex),
            struct_pack(code_set := 'nc_year', code := nc_year_code),
            struct_pack(code_set := 'enrol_status', code := enrolstatus),
            struct_pack(code_set := 'boarder', code := boarder),
            struct_pack(code_set := 'ethnicity', code := ethnicity),
            struct_pack(code_set := 'language', code := language),
            struct_pack(code_set := 'service_child', code := servicechild),
            struct_pack(code_set := 'young_carer', code := youngcarer),
            struct_pack(code_set := 'plaa', code := plaa),
            struct_pack(code_set := 'sen_provision', code := senprovision)
        ]) as one
    from enrolment
    union all
    select struct_pack(code_set := 'attendance_reason', code := attendancereason) as one from session
    union all
    select
        unnest([
            struct_pack(code_set := 'exclusion_category', code := category),
            struct_pack(code_set := 'sen_provision', code := senprovision),
            struct_pack(code_set := 'exclusion_reason', code := reason1),
            struct_pack(code_set := 'exclusion_reason', code := reason2),
            struct_pack(code_set := 'exclusion_reason', code := reason3)
        ]) as one
    from exclusion
    union all
    select struct_pack(code_set := 'sen_type', code := sentype) as one from need
    union all
    select struct_pack(code_set := 'fsm_country', code := ukcountry) as one from meal
),

coded as (
    select
        one.code_set as set_name,
        one.code
    from named
)

select
    n.set_name as code_set,
    n.code,
    count(*) as n
from coded as n
left join census_code as c on n.set_name = c.code_set and n.code = c.code
where n.code is not null and c.code is null
group by all
order by all
