/*---
id: M26A
severity: query
affects: record
title: Work-based learning unusual here
message: The placement has work-based learning for someone under 16, or with a setting type outside work and college.
guidance: >
  Apprenticeships, traineeships and supported internships are for people of 16 and over, and run with an employer and a
  college or training provider. Usually the code was left over from another placement, or the date of birth is wrong.
  Correct the code, the date or the setting type. If the record is right, leave it and explain it in a note.
module: activeplans
table: placementdetail
fields: [WBP]
years: [2024, null]
source: DfE specification 2025, 2.5
---*/
select
    person_id,
    'placementdetail' as table_name,
    placementdetail_id as row_id,
    'WBP' as field,
    wbp as value,
    concat_ws(', ', 'aged ' || age_at(birth_date, $census_date), 'SENsetting ' || sen_setting) as detail
from placement
where
    wbp is not null
    and (
        age_at(birth_date, $census_date) < 16
        or sen_setting in ('OLA', 'OPA', 'EHE', 'NEET', 'NIEC', 'NIEO')
    )
order by all
