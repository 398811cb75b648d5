/*---
id: H24
severity: info
affects: format
title: "Content that is not read: attributes, or text outside items"
message: The file has attributes, or text outside items. A SEN2 return has neither, and they were not read.
guidance: >
  In a SEN2 return every value is the text of an item, as in <Surname>Smith</Surname>. If a value is written as an
  attribute, as in <Person Surname="Smith">, or directly in a group, as in <SENneed>ASD</SENneed>, no rule reads it and
  no figure counts it, and the DfE's system may not read it either. Check whether the return needs any of these values.
  If it does, ask your software supplier to export them as items. Otherwise you do not need to change anything.
module: header
table: any
fields: [any element]
years: [2023, null]
source: sen2dash
needs: xml
---*/
-- One finding per row. deviation has a row for each start tag with attributes and for each text, in file order.
with extra as (
    select
        *,
        rowid as place,
        coalesce(nullif(spec_name, ''), 'the group') as holder
    from deviation
    where kind in ('attribute', 'text')
)

select
    any_value(person_id) as person_id,
    table_name,
    row_id,
    coalesce('@' || arg_min(name, place) filter (where kind = 'attribute'), '#text') as field,
    left(coalesce(
        arg_min(content, place) filter (where kind = 'attribute'), arg_min(content, place)
    ), 200) as value,
    concat_ws(
        '; ',
        'attributes of ' || string_agg(distinct holder, ', ' order by holder) filter (where kind = 'attribute'),
        'text in ' || string_agg(distinct holder, ', ' order by holder) filter (where kind = 'text'),
        'line ' || coalesce(arg_min(line, place) filter (where kind = 'attribute'), arg_min(line, place))
    ) as detail
from extra
group by table_name, row_id
order by all
