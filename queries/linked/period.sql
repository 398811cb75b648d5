-- One row per academic year and period of attendance that is loaded: the termly part of one census return is read.
select distinct
    cast(r.year - 1 as integer) as academic_year,
    r.term_place as place,
    case r.term when 'SPR' then 'autumn' when 'SUM' then 'spring' else 'summer' end as period
from census_return as r
inner join export as x on r.export = x.export and x.has_termly
where not r.is_superseded
