-- One row per year, term and census day of the census returns that count. The day is NULL if the file does not say it.
select distinct
    cast(year as integer) as year,
    term,
    term_place,
    census_day
from census_return
where not is_superseded
order by year, term_place, census_day nulls last
