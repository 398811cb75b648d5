-- One row per code set and code that is not in its list: how often it occurs in the rows kept.
with counted as (
    select
        'sex' as code_set,
        sex as code,
        count(*) as n
    from enrolment group by sex
    union all
    select
        'nc_year' as code_set,
        nc_year_code as code,
        count(*) as n
    from enrolment group by nc_year_code
    union all
    select
        'enrol_status' as code_set,
        enrolstatus as code,
        count(*) as n
    from enrolment group by enrolstatus
    union all
    select
        'boarder' as code_set,
        boarder as code,
        count(*) as n
    from enrolment group by boarder
    union all
    select
        'ethnicity' as code_set,
        ethnicity as code,
        count(*) as n
    from enrolment group by ethnicity
    union all
    select
        'language' as code_set,
        language as code,
        count(*) as n
    from enrolment group by language
    union all
    select
        'service_child' as code_set,
        servicechild as code,
        count(*) as n
    from enrolment group by servicechild
    union all
    select
        'young_carer' as code_set,
        youngcarer as code,
        count(*) as n
    from enrolment group by youngcarer
    union all
    select
        'plaa' as code_set,
        plaa as code,
        count(*) as n
    from enrolment group by plaa
    union all
    select
        'sen_provision' as code_set,
        senprovision as code,
        count(*) as n
    from enrolment group by senprovision
    union all
    select
        'attendance_reason' as code_set,
        attendancereason as code,
        count(*) as n
    from session group by attendancereason
    union all
    select
        'exclusion_category' as code_set,
        category as code,
        count(*) as n
    from exclusion group by category
    union all
    select
        'sen_provision' as code_set,
        senprovision as code,
        count(*) as n
    from exclusion group by senprovision
    union all
    select
        'exclusion_reason' as code_set,
        reason1 as code,
        count(*) as n
    from exclusion group by reason1
    union all
    select
        'exclusion_reason' as code_set,
        reason2 as code,
        count(*) as n
    from exclusion group by reason2
    union all
    select
        'exclusion_reason' as code_set,
        reason3 as code,
        count(*) as n
    from exclusion group by reason3
    union all
    select
        'sen_type' as code_set,
        sentype as code,
        count(*) as n
    from need group by sentype
    union all
    select
        'fsm_country' as code_set,
        ukcountry as code,
        count(*) as n
    from meal group by ukcountry
)

select
    n.code_set,
    n.code,
    cast(sum(n.n) as bigint) as n
from counted as n
left join census_code as c on n.code_set = c.code_set and n.code = c.code
where n.code is not null and c.code is null
group by all
order by all
