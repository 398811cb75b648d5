-- One row per plan, which is paired with that of the paired assessment.
select
    row_id,
    assessment_id as parent_id,
    null as key_0,
    null as key_1,
    null as key_2,
    null as key_3
from namedplan
