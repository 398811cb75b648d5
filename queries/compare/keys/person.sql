-- One row per person: their keys for pairing. First all identifying items, blank or not; then UPN; then ULN; then
-- folded names with a real birth date.
select
    row_id,
    cast(0 as bigint) as parent_id,
    concat_ws(
        chr(31),
        coalesce(upn, ''),
        coalesce(unique_learner_number, ''),
        coalesce(folded(surname), ''),
        coalesce(folded(forename), ''),
        coalesce(person_birth_date_text, '')
    ) as key_0,
    upn as key_1,
    if(is_dummy_uln(unique_learner_number), null, unique_learner_number) as key_2,
    -- NULL if one of the three is NULL.
    folded(surname) || chr(31) || folded(forename) || chr(31) || cast(person_birth_date as varchar) as key_3
from person
