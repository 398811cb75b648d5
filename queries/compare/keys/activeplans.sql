-- One row per ActivePlans group, which is paired with that of the paired request.
select
    row_id,
    requests_id as parent_id,
    null as key_0,
    null as key_1,
    null as key_2,
    null as key_3
from activeplans
