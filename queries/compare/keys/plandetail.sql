-- One row per establishment named on a plan: its keys for pairing, after all its items. First the establishment; then
-- the rank.
select
    row_id,
    namedplan_id as parent_id,
    null as key_0,
    establishment_key(urn, ukprn, sen_setting) as key_1,
    placement_rank as key_2,
    null as key_3
from plandetail
