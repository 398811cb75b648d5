-- One row per establishment: its numbers, type and authority, from the register that was added. Without one, the rows
-- of the extract that comes with the program that a placement names and that have a type; no rule reads them.
with named as (
    select
        urn,
        ukprn
    from placementdetail
    where not exists (from establishment)
)

select
    urn,
    ukprn,
    type_code,
    la_code,
    close_date is null as is_open
from establishment
union all
select
    x.urn,
    x.ukprn,
    t.type_code,
    x.la as la_code,
    starts_with(x.status, 'Open') as is_open
from register_extract as x
inner join establishment_type as t on x.type = t.type_name
where x.urn in (select urn from named) or x.ukprn in (select ukprn from named)
