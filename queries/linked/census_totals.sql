-- One row: census returns that count and that do not, their schools, those of other authorities, and how many of these.
select
    count(*) filter (where not is_superseded) as returns,
    count(*) filter (where is_superseded) as superseded,
    count(distinct laestab) filter (where not is_superseded) as schools,
    count(distinct laestab) filter (where not is_superseded and lea is distinct from $lea) as schools_elsewhere,
    count(distinct lea) filter (where not is_superseded and lea is distinct from $lea) as authorities_elsewhere
from census_return
