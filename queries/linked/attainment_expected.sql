-- One row per person and stage that is expected by NC year, with the year in which its academic year should have begun.
-- Of X and above year 14, the NC year is that of the date of birth.
with numbered as (
    select
        y.person_id,
        if(y.nc_year in ('x', '15'), p.age - 4, try_cast(y.nc_year as integer)) as year_number
    from person_year as y
    inner join linked_person as p on y.person_id = p.person_id
),

listed as (
    select unnest([
        struct_pack(stage := 'eyfsp', stage_year := 0, first_year := 1, last_year := 2),
        struct_pack(stage := 'phonics', stage_year := 1, first_year := 2, last_year := 2),
        struct_pack(stage := 'ks1', stage_year := 2, first_year := 3, last_year := 6),
        struct_pack(stage := 'ks2', stage_year := 6, first_year := 7, last_year := 11),
        struct_pack(stage := 'ks4', stage_year := 11, first_year := 12, last_year := 200)
    ]) as one
),

stages as (
    select
        one.stage,
        one.stage_year,
        one.first_year,
        one.last_year
    from listed
)

select
    n.person_id,
    s.stage,
    year($august_31) - (n.year_number - s.stage_year) as expected_year
from numbered as n
inner join stages as s on n.year_number between s.first_year and s.last_year
