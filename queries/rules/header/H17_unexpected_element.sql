/*---
id: H17
severity: query
affects: format
title: Unexpected element
message: The file has an element in a place where the layout of this return year does not have it.
guidance: >
  The name is unknown, belongs in another group, or belongs to another return year; or there is an element inside an
  item. It was ignored together with everything inside it, and no other rule and no figure uses it. Usually the export
  follows the layout of another year, or a name is misspelt so that a real item is lost: correct the export, or ask your
  software supplier. You can leave an element that your supplier adds for its own use.
module: header
table: any
fields: [any element]
years: [2023, null]
source: DfE specification 2025, 3.2
needs: xml
---*/
-- The content of an unexpected element is shortened; line is that of the element itself.
select
    person_id,
    table_name,
    row_id,
    name as field,
    left(content, 200) as value,
    concat_ws(', ', if(spec_name <> '', 'inside ' || spec_name, null), 'line ' || line) as detail
from deviation
where kind = 'unexpected'
order by all
