/*---
id: M09
severity: query
affects: record
title: Setting does not fit the person
message: The setting type does not fit the person's age, or does not go with a SEN unit or resourced provision.
guidance: >
  NEET is for ages 16 to 25 and EYP (early years provider) for children under 6, both on census day. Someone who is
  educated at home (EHE) or under arrangements of the authority (OLA) is not in a school, so cannot be in a SEN unit or
  resourced provision. Correct the code, the date of birth or the indicators. If the record is right, for example for a
  child of 6 who is still at a nursery, leave it and explain it in a note.
module: activeplans
table: placementdetail
fields: [SENsetting]
years: [2023, null]
source: Common Basic Data Set, CS110
---*/
select
    person_id,
    'placementdetail' as table_name,
    placementdetail_id as row_id,
    'SENsetting' as field,
    sen_setting as value,
    case
        when sen_setting in ('EHE', 'OLA') then 'with a SEN unit or resourced provision'
        else 'aged ' || age_at(birth_date, $census_date) || ' on census day'
    end as detail
from placement
where
    (sen_setting = 'NEET' and age_at(birth_date, $census_date) not between 16 and 25)
    or (sen_setting = 'EYP' and age_at(birth_date, $census_date) >= 6)
    or (sen_setting in ('EHE', 'OLA') and (sen_unit_indicator or resourced_provision_indicator))
order by all
