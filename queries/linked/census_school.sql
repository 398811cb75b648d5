-- One row per school whose census return counts: its URN and the name in its own files, of the latest return with one.
with named as (
    select
        r.laestab,
        r.urn,
        s.schoolname as name,
        struct_pack(a := r.year, b := r.term_place, c := r.return_id) as place
    from census_return as r
    left join raw_school as s on r.export = s.export and r.key = s.parent
    where not r.is_superseded
)

select
    laestab,
    arg_max(urn, place) filter (where urn is not null) as urn,
    arg_max(name, place) filter (where name is not null) as name
from named
group by laestab
