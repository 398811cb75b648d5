-- One row per term of the censuses that can describe people: how many returns count, and how many of them came without
-- the table of needs, and without the table of meal periods of that term.
select
    r.term,
    cast(r.year as integer) as year,
    count(*) as returns,
    count(*) filter (where not x.has_needs) as without_needs,
    count(*) filter (where not if(r.term = 'AUT', x.has_autumn_meals, x.has_other_meals)) as without_meals
from census_return as r
inner join export as x on r.export = x.export
where
    not r.is_superseded
    and ((r.term = 'SPR' and r.year = $return_year) or (r.term = 'AUT' and r.year = $return_year - 1))
group by r.term, r.year
order by r.year, r.term
