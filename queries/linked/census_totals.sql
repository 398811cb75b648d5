-- One row: census returns that count and that do not, their schools, and those of another authority.
select
    count(*) filter (where not is_superseded) as returns,
    count(*) filter (where is_superseded) as superseded,
    count(distinct laestab) filter (where not is_superseded) as schools,
    count(distinct laestab) filter (where not is_superseded and lea is distinct from $lea) as schools_elsewhere
from census_return
