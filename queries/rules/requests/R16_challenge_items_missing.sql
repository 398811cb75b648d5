/*---
id: R16
severity: query
affects: figures
title: Mediation or tribunal item missing
message: A decided request does not say whether there was mediation, or a tribunal.
guidance: >
  For the outcomes Y and N both items need an answer; each blank one is listed. Usually they were left blank because
  there was no challenge: if so, enter 0. If you do not know, leave it blank and say so in a note.
module: requests
table: requests
fields: [RequestMediation, RequestTribunal]
years: [2023, null]
source: DfE specification 2025, 2.2
---*/
with item as (
    select unnest(['RequestMediation', 'RequestTribunal']) as field
)

select
    r.person_id,
    'requests' as table_name,
    r.row_id,
    i.field,
    null as value,
    'outcome ' || r.request_outcome as detail
from requests as r
cross join item as i
where
    r.request_outcome in ('Y', 'N')
    and case i.field
        when 'RequestMediation' then r.request_mediation_text
        when 'RequestTribunal' then r.request_tribunal_text
    end is null
order by all
