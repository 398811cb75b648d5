/*---
id: N42
severity: query
affects: figures
title: Plans overlap in time
message: Two plans of the person run at the same time.
guidance: >
  A person has one EHC plan at a time, and the next can start on the day on which the one before ceased. Usually the
  cease date of the earlier plan or the start date of the later one is wrong. Correct the dates. If the plans really
  overlapped, for example when the person moved between authorities, leave it and explain it in a note.
module: namedplan
table: namedplan
fields: [NamedPlan]
years: [2023, null]
source: DfE specification 2025, 2.4
---*/
-- One finding for each of the plans. N41 reports two plans without a cease date.
select
    a.person_id,
    'namedplan' as table_name,
    a.row_id,
    'NamedPlan' as field,
    null as value,
    'overlaps the plan that started ' || uk_date(arg_min(b.start_date, b.row_id))
    || if(count(*) > 1, ' and ' || (count(*) - 1) || ' more', '') as detail
from namedplan as a
inner join namedplan as b
    on
        a.person_id = b.person_id
        and a.row_id <> b.row_id
        and (a.cease_date_text is not null or b.cease_date_text is not null)
        and share_a_day(
            a.start_date, a.cease_date, a.cease_date_text, b.start_date, b.cease_date, b.cease_date_text
        )
group by a.person_id, a.row_id
order by all
