/*---
id: R29
severity: error
title: Exported to itself
message: The person is shown as having moved to the authority that sends this return.
guidance: >
  Exported names the authority to which the person moved while the request or assessment was open. Usually the code
  of your own authority was filled in for everyone, or for a person who moved in. Enter the receiving authority, or
  leave the item blank.
module: requests
table: requests
fields: [Exported]
years: [2023, null]
source: Logic check
---*/
-- Without an authority code in the header nothing can be compared; that code is the header's own business.
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
