/*---
id: N07
severity: error
title: More than two establishments named
message: The plan names more than two establishments.
guidance: >
  A plan can name at most two establishments: the ones that are attended most. Usually establishments of earlier
  versions of the plan were kept. Leave the primary one (rank 1) and at most one secondary one (rank 2).
module: namedplan
table: namedplan
fields: [PlanDetail]
years: [2023, null]
source: spec 2.4
---*/
select
    person_id,
    'namedplan' as table_name,
    namedplan_id as row_id,
    'PlanDetail' as field,
    null as value,
    count(*) || ' PlanDetail groups' as detail
from plandetail
group by person_id, namedplan_id
having count(*) > 2
order by all
