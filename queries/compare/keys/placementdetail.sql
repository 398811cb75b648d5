-- One row per placement: its keys for pairing, after all its items. First the establishment with the entry date; then
-- the establishment; then the rank with the entry date.
select
    row_id,
    activeplans_id as parent_id,
    null as key_0,
    establishment_key(urn, ukprn, sen_setting) || chr(31) || entry_date_text as key_1,
    establishment_key(urn, ukprn, sen_setting) as key_2,
    placement_rank || chr(31) || entry_date_text as key_3
from placementdetail
