/*---
id: H23
severity: info
title: The specification of this year is not part of this version
message: The return is of a year whose specification is not part of this version of sen2dash.
guidance: >
  Census day and every period are those of the return's own year. The layout, the codes, the severities and the choice
  of rules are those of the newest year that is known here, and the DfE may change any of them. Nothing in the return
  needs to be corrected. Use a newer version of sen2dash when there is one, and check the return again.
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
