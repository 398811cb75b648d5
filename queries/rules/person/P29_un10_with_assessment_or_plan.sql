/*---
id: P29
severity: query
affects: matching
title: UN10 says that the request came to nothing
message: The reason is UN10, but the person has a decided assessment or a plan.
guidance: >
  UN10 says that the request came to nothing before a UPN or ULN was known. This is not so if there is a decided
  assessment or a plan, and a UPN or ULN is normally known by then: enter it, or choose the reason that fits. You can
  leave it if the assessment led nowhere and the number never became known.
module: person
table: person
fields: [UPNunknown]
years: [2023, null]
source: DfE guide 2025
---*/
with followed_up as (
    select
        person_id,
        bool_or(namedplan_id is not null) as has_plan
    from request_journey
    where assessment_outcome in ('Y', 'N', 'H') or namedplan_id is not null
    group by person_id
)

select
    p.person_id,
    'person' as table_name,
    p.row_id,
    'UPNunknown' as field,
    p.upn_unknown as value,
    if(f.has_plan, 'has a plan', 'has a decided assessment') as detail
from person as p
inner join followed_up as f on p.row_id = f.person_id
where p.upn_unknown = 'UN10'
order by all
