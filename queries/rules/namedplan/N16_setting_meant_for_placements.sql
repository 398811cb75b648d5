/*---
id: N16
severity: query
affects: record
title: Setting code meant for placements
message: The setting type says that the person is not in education, but a plan does not name that.
guidance: >
  NEET, NIEC and NIEO say where a person is on census day and belong in the placements. A plan names an establishment or
  a type of establishment. Usually the current placement was copied into the plan. Enter what section I of the plan
  names. If section I names nothing else, leave it and explain it in a note.
module: namedplan
table: plandetail
fields: [SENsetting]
years: [2023, null]
source: DfE guide 2025
---*/
select
    person_id,
    'plandetail' as table_name,
    row_id,
    'SENsetting' as field,
    sen_setting as value,
    null as detail
from plandetail
where sen_setting in ('NEET', 'NIEC', 'NIEO')
order by all
