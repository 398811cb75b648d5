/*---
id: M07G
severity: query
affects: matching
title: URN not recognised or closed
message: The URN is not in the establishment register, or its establishment had closed before the placement began.
guidance: >
  sen2dash looked the number up in the establishment register that you loaded. Usually a digit was mistyped, or the
  school became an academy and has a new URN. Use the URN that the establishment had on the entry date or has now. If
  your register is older than the establishment, leave it and say so in a note.
module: activeplans
table: placementdetail
fields: [URN]
years: [2023, null]
source: Get Information about Schools
needs: establishments
needs_columns: [urn, close_date]
---*/
select
    p.person_id,
    'placementdetail' as table_name,
    p.placementdetail_id as row_id,
    'URN' as field,
    p.urn as value,
    if(
        r.is_urn_known,
        concat_ws(', ', r.establishment, 'closed ' || uk_date(r.urn_close_date)),
        'not in the register'
    ) as detail
from placement as p
inner join register_match as r on r.table_name = 'placementdetail' and p.placementdetail_id = r.row_id
where
    regexp_full_match(p.urn, '[0-9]{6}')
    and (not r.is_urn_known or r.urn_close_date < p.entry_date)
order by all
