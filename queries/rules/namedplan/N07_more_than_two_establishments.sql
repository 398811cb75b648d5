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
with named as (
    select
        namedplan_id,
        count(*) as n_named
    from plandetail
    group by namedplan_id
)

select
    p.person_id,
    'namedplan' as table_name,
    p.row_id,
    'PlanDetail' as field,
    cast(n.n_named as varchar) as value,
    n.n_named || ' PlanDetail groups' as detail
from namedplan as p
inner join named as n on p.row_id = n.namedplan_id
where n.n_named > 2
order by all
