/*---
id: T13
severity: query
affects: figures
title: Most plans have no primary need
message: More than half of the plans on census day have no primary need that the DfE can count.
guidance: >
  The primary need is the SENneed with rank 1 and a type in the DfE's list. In 2026 the DfE withheld the figures on
  types of need of an authority whose return had no primary need. Usually the extract leaves out the needs or their
  rank, or gives the words of the case system instead of the DfE's codes. Check the extract.
module: whole_return
table: return
fields: [SENtype]
years: [2023, null]
source: DfE statistics 2026, footnotes
withheld: true
---*/
with primary_need as (
    select distinct activeplans_id
    from senneed
    where
        sen_type_rank = '1'
        and upper(sen_type) in (select code from code where code_set = 'CS_SENTYPE')
),

counted as (
    select
        count(*) as n_plans,
        count(*) filter (where p.activeplans_id is null) as n_without
    from caseload as c
    left join primary_need as p on c.activeplans_id = p.activeplans_id
)

select
    null as person_id,
    'return' as table_name,
    null as row_id,
    'SENtype' as field,
    null as value,
    n_without || ' of ' || n_plans || ' plans on census day' as detail
from counted
where n_plans >= 50 and n_without * 2 > n_plans
order by all
