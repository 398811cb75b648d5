/*---
id: H07
severity: error
affects: matching
title: Local authority number missing or not recognised
message: The local authority number in the header is missing, or is not the number of an authority in the return year.
guidance: >
  LEA must be the three-digit number of your authority. If a reorganisation replaced an authority, its old number is
  right only in returns for the years in which that authority still made one, and the new number only from the new
  authority's first return. Correct the authority number in the export settings.
module: header
table: header
fields: [LEA]
years: [2023, null]
source: DfE specification 2025, 3.2.1; Common Basic Data Set, CS003
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
