-- One row per URN of a school whose census return counts.
select distinct urn
from census_return
where not is_superseded and urn is not null
order by urn
