/*---
id: H24
severity: info
title: "Content that is not read: attributes, or text outside items"
message: The file holds attributes, or text that stands in no item. A SEN2 return has neither, and they were not read.
guidance: >
  In a SEN2 return every value is the text of an item, as in <Surname>Smith</Surname>. A value that is written as an
  attribute, as in <Person Surname="Smith">, or straight into a group, as in <SENneed>ASD</SENneed>, is read by no
  rule and counted in no figure, and the DfE's system may not read it either. Check whether a value that the return
  needs is among them. If it is, ask your software supplier to export it as an item. Otherwise nothing has to change.
module: header
table: any
fields: [any element]
years: [2023, null]
source: sen2dash
---*/
-- One finding a row. deviation holds a row a start tag with attributes and a row a text, in the order of the file.
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
