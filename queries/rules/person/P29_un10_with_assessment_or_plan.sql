/*---
id: P29
severity: query
title: UN10 says that the request came to nothing
message: UN10 is given, although the person has an assessment that was decided or a plan.
guidance: >
  UN10 says that the request came to nothing before a UPN or ULN was known. With a decided assessment or a plan that
  is not so, and an identifier is normally known by then: enter it, or choose the reason that fits. It can be left
  where the assessment led nowhere and the identifier never came to be known.
module: person
table: person
fields: [UPNunknown]
years: [2023, null]
source: guide
---*/
select
    person_id,
    'person' as table_name,
    row_id,
    'UPNunknown' as field,
    upn_unknown as value,
    cast(null as varchar) as detail
from person
where
    upn_unknown = 'UN10'
    and row_id in (
        select j.person_id
        from request_journey as j
        where j.assessment_outcome in ('Y', 'N', 'H') or j.namedplan_id is not null
    )
order by all
