/*---
id: R28
severity: error
affects: format
title: Exported-to authority not recognised
message: The authority that the person moved to is not a recognised code.
guidance: >
  Exported takes the three-digit code of an English authority. Usually the code of a former authority, a name, or a
  place outside England was entered. Enter the current code. If a reorganisation replaced the authority, its code is
  accepted in its last return year and in the year after. For a move outside England, leave Exported blank and record
  the request or assessment as withdrawn (W).
module: requests
table: requests
fields: [Exported]
years: [2023, null]
source: Common Basic Data Set, CS003
---*/
select
    person_id,
    'requests' as table_name,
    row_id,
    'Exported' as field,
    exported as value,
    null as detail
from requests
where
    exported is not null
    and exported not in (select c.code from code as c where c.code_set = 'CS003_MOVES')
order by all
