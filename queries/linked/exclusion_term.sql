-- One row per academic year and term of it whose suspensions and exclusions are loaded. A census has the two terms
-- before it.
with covered as (
    select
        academic_year,
        unnest(
            case term
                when 'SPR'
                    then [
                        struct_pack(ago := 1, place := 3, term := 'summer'),
                        struct_pack(ago := 0, place := 1, term := 'autumn')
                    ]
                when 'SUM'
                    then [
                        struct_pack(ago := 0, place := 1, term := 'autumn'),
                        struct_pack(ago := 0, place := 2, term := 'spring')
                    ]
                else [
                    struct_pack(ago := 1, place := 2, term := 'spring'),
                    struct_pack(ago := 1, place := 3, term := 'summer')
                ]
            end
        ) as one
    from census_return
    where not is_superseded
)

select distinct
    cast(academic_year - one.ago as integer) as academic_year,
    cast(one.place as integer) as place,
    one.term
from covered
order by academic_year, place
