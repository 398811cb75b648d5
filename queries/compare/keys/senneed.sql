-- One row per need: its keys for pairing, after all its items. First the type in upper case; then the rank.
select
    row_id,
    activeplans_id as parent_id,
    null as key_0,
    upper(sen_type) as key_1,
    sen_type_rank as key_2,
    null as key_3
from senneed
