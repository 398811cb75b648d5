/*---
id: H23
severity: info
affects: format
title: The specification of this year is not part of this version
message: This version of sen2dash does not include the specification of this return year.
guidance: >
  Census day and every period are those of the return's own year. The layout, the codes, the severities and the choice
  of rules are those of the newest year that sen2dash knows, and the DfE may change any of them. You do not need to
  correct anything in the return. When there is a newer version of sen2dash, check the return again with it.
module: header
table: header
fields: [Year]
years: [2028, null]
source: sen2dash
---*/
select
    person_id,
    'header' as table_name,
    row_id,
    'Year' as field,
    year as value,
    'checked with the rules of ' || $rules_of as detail
from header
where $return_year > $rules_of
order by all
