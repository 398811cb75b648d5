/*---
id: R29
severity: error
affects: record
title: Exported to itself
message: The return says that the person moved to the authority that sends it.
guidance: >
  Exported names the authority that the person moved to while the request or assessment was open. Usually the code of
  your own authority was filled in for everyone, or for a person who moved in. Enter the receiving authority, or leave
  the item blank.
module: requests
table: requests
fields: [Exported]
years: [2023, null]
source: Logic check
---*/
-- Without an authority code in the header, nothing can be compared; the header rules report that.
select
    person_id,
    'requests' as table_name,
    row_id,
    'Exported' as field,
    exported as value,
    null as detail
from requests
where exported = $lea
order by all
