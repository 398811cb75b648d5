/*---
id: H18
severity: info
affects: format
title: Element name differs from the specification
message: An element is not spelt as in the specification. It was read as the specification's element.
guidance: >
  The name differs from the specification only in capital letters, or is the known misspelling PlanWPB or WPB. It was
  read all the same. The DfE's own system may be stricter: ask your software supplier to spell it as in the
  specification.
module: header
table: any
fields: [any element]
years: [2023, null]
source: DfE specification 2025, 3.2
needs: xml
---*/
-- field is the specification's name, value the name in the file; line is that of the element itself.
select
    person_id,
    table_name,
    row_id,
    spec_name as field,
    name as value,
    'line ' || line as detail
from deviation
where kind = 'variant'
order by all
