/*---
id: H19
severity: query
affects: format
title: Element order or repetition differs from the layout
message: A group has the same element twice, or its elements are not in the order of the layout.
guidance: >
  If an item, or an Assessment, NamedPlan or ActivePlans group, appears twice, only the first was read, even if it is
  empty; the others were left out. If only the order differs, everything was read. Look at the group in the case system
  for duplicate entries. A wrong order is for your software supplier to correct, and you can leave it if the DfE accepts
  the file.
module: header
table: any
fields: [any element]
years: [2023, null]
source: DfE specification 2025, 3.2
needs: xml
---*/
-- One finding per group. The header's row covers several groups: Message, Header, CollectionDetails and Source.
with misplaced as (
    select
        *,
        case
            when table_name <> 'header' then table_name
            when kind = 'order' then name
            when spec_name in ('Collection', 'Year', 'ReferenceDate') then 'CollectionDetails'
            else 'Source'
        end as group_name
    from deviation
    where kind in ('order', 'repeat')
)

select
    any_value(person_id) as person_id,
    table_name,
    row_id,
    cast(null as varchar) as field,
    max(content) filter (where kind = 'order') as value,
    concat_ws(
        '; ',
        if(table_name = 'header', group_name, null),
        'more than once: ' || string_agg(distinct spec_name, ', ' order by spec_name) filter (where kind = 'repeat'),
        if(bool_or(kind = 'order'), 'other order than the layout', null)
    ) as detail
from misplaced
group by table_name, row_id, group_name
order by all
