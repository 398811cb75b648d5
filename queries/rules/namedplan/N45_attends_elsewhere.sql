/*---
id: N45
severity: info
affects: record
title: Attends somewhere other than the establishment named
message: The primary placement on census day is not at the primary establishment that the plan names.
guidance: >
  The plan names one establishment and the person attends another. Usually the person moved and the plan was not
  amended, or one of the two numbers was mistyped. Update the plan or the placement if one of them is wrong. If both are
  right, the DfE does not ask about this.
module: namedplan
table: plandetail
fields: [URN, UKPRN, SENsetting]
years: [2023, null]
source: Logic check
---*/
-- An identifier on only one side is not a finding.
with pair as (
    select
        d.person_id,
        d.row_id,
        case
            when d.urn <> f.urn then 'URN'
            when d.urn is null and f.urn is null and d.ukprn <> f.ukprn then 'UKPRN'
            when
                coalesce(d.urn, f.urn, d.ukprn, f.ukprn) is null and d.sen_setting <> f.sen_setting
                then 'SENsetting'
        end as field,
        coalesce(d.urn, d.ukprn, d.sen_setting) as value,
        coalesce(f.urn, f.ukprn, f.sen_setting) as attended
    from plandetail as d
    inner join first_placement as f on d.requests_id = f.requests_id and f.is_plan_active
    where d.placement_rank = '1'
)

select
    person_id,
    'plandetail' as table_name,
    row_id,
    field,
    value,
    'attends ' || attended as detail
from pair
where field is not null
order by all
