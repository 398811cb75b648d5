-- One row per census return (school, year and term), with whether another one of the same replaces it. Of
-- serial numbers the digits are kept, without zeros before them: the longer one is the higher one.
with known as (
    select
        *,
        row_number() over (partition by export, key order by read_no) as place
    from raw_census
),

numbered as (
    select
        read_no as return_id,
        export,
        key,
        regexp_replace(coalesce(lea, ''), '\.0$', '') as lea,
        regexp_replace(coalesce(estab, ''), '\.0$', '') as estab,
        cast(year as integer) as year,
        term,
        case term when 'SPR' then 1 when 'SUM' then 2 else 3 end as term_place,
        if(term = 'AUT', year, year - 1) as academic_year,
        referencedate as census_day,
        regexp_replace(urn, '\.0$', '') as urn,
        if(
            regexp_full_match(serialno, '[0-9]+(\.0)?'), ltrim(regexp_replace(serialno, '\.0$', ''), '0'), ''
        ) as serial_no,
        datetime as made_at
    from known
    where key is null or place = 1
),

schools as (
    select
        * exclude (lea, estab),
        if(length(lea) < 3, lpad(lea, 3, '0'), lea) as lea,
        if(length(lea) < 3, lpad(lea, 3, '0'), lea) || if(length(estab) < 4, lpad(estab, 4, '0'), estab) as laestab
    from numbered
)

select
    *,
    row_number() over (
        partition by laestab, year, term
        order by length(serial_no) desc, serial_no desc, made_at desc nulls last, return_id desc
    ) > 1 as is_superseded
from schools
