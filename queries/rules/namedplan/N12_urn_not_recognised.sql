/*---
id: N12
severity: query
affects: matching
title: URN not recognised or closed
message: The URN is not in the establishment register, or its establishment closed before the plan started.
guidance: >
  sen2dash looked the URN up in the establishment register that you loaded. Usually a digit is wrong, or the school
  became an academy and has a new URN. Enter the URN that the establishment had when the plan was issued or has now. You
  can leave it, with a note, if the register is older than the establishment.
module: namedplan
table: plandetail
fields: [URN]
years: [2023, null]
source: Get Information about Schools
needs: establishments
needs_columns: [urn, close_date]
---*/
-- N11 reports a URN with the wrong form. Closed on the start date itself is not before it.
select
    d.person_id,
    'plandetail' as table_name,
    d.row_id,
    'URN' as field,
    d.urn as value,
    if(
        m.is_urn_known,
        concat_ws(', ', m.establishment, 'closed ' || uk_date(m.urn_close_date)),
        'not in the register'
    ) as detail
from plandetail as d
inner join register_match as m on m.table_name = 'plandetail' and d.row_id = m.row_id
inner join namedplan as p on d.namedplan_id = p.row_id
where
    regexp_full_match(d.urn, '[0-9]{6}')
    and (not m.is_urn_known or m.urn_close_date < p.start_date)
order by all
