/*---
id: N28
severity: query
affects: record
title: Work-based learning unusual here
message: The plan names work-based learning for someone under 16, or together with a setting outside education.
guidance: >
  Work-based learning goes with an education setting and with young people of 16 and over. Usually the code was entered
  by mistake, or the setting type is out of date. Remove PlanWBP, or correct the setting type or the date of birth. If
  the plan really names both, leave it and explain it in a note.
module: namedplan
table: namedplan
fields: [PlanWBP]
years: [2023, null]
source: DfE specification 2025, 2.4
---*/
with outside_education as (
    select
        namedplan_id,
        min(sen_setting) as sen_setting
    from plandetail
    where placement_rank = '1' and sen_setting in ('OLA', 'OPA', 'EHE', 'NEET', 'NIEC', 'NIEO')
    group by namedplan_id
)

select
    j.person_id,
    'namedplan' as table_name,
    j.namedplan_id as row_id,
    'PlanWBP' as field,
    j.plan_wbp as value,
    concat_ws(
        ', ', 'age ' || age_at(j.birth_date, $census_date) || ' on census day', 'setting type ' || o.sen_setting
    ) as detail
from request_journey as j
left join outside_education as o on j.namedplan_id = o.namedplan_id
where
    j.plan_wbp is not null
    and (age_at(j.birth_date, $census_date) < 16 or o.sen_setting is not null)
order by all
