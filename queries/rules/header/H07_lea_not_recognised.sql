/*---
id: H07
severity: error
title: Local authority number missing or not recognised
message: The local authority number in the header is missing or is not one of the 153 authorities.
guidance: >
  LEA must be the three-digit number of your authority, with any leading zero. Numbers of authorities that were
  replaced in a reorganisation are not accepted. Correct the authority number in the export settings.
module: header
table: header
fields: [LEA]
years: [2023, null]
source: spec 3.2.1, CS003
---*/
select
    person_id,
    'header' as table_name,
    row_id,
    'LEA' as field,
    lea as value,
    cast(null as varchar) as detail
from header
where lea is null or lea not in (select c.code from code as c where c.code_set = 'CS003')
order by all
