-- One row per academic year with attendance by reason in a file of it, whoever it is of.
select distinct cast(r.year - 1 as integer) as academic_year
from census_return as r
inner join export as x on r.export = x.export and x.has_reasons
where not r.is_superseded
order by academic_year
