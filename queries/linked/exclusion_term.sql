-- One row per academic year and term of it whose suspensions and exclusions are loaded. A census has the two terms
-- before it, if its export has a table of exclusions.
with covered as (
    select
        r.academic_year,
        unnest(
            case r.term
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
    from census_return as r
    inner join export as x on r.export = x.export and x.has_exclusions
    where not r.is_superseded
)

select distinct
    cast(academic_year - one.ago as integer) as academic_year,
    cast(one.place as integer) as place,
    one.term
from covered
order by academic_year, place
