/*---
id: P30
severity: query
affects: matching
title: Reason contradicts the placement
message: >-
  UN2 or UN9 says that the person was never in state-funded education, but the placement is in a state-funded school
  or college.
guidance: >
  UN2 and UN9 are for people who never attended a state-funded school (UN9: or further education) in England. The main
  placement that is open on census day is in one. State-funded schools and colleges issue or record UPNs and ULNs: ask
  this one for the number. You can leave it if the placement has only just begun and no number has been issued.
module: person
table: person
fields: [UPNunknown]
years: [2023, null]
source: DfE guide 2025
needs: establishments
needs_columns: [urn, ukprn, type_code]
---*/
-- If a person has several placements, the latest counts, whatever request it is under.
with main_placement as (
    select
        person_id,
        placementdetail_id
    from first_placement
    qualify row_number() over (partition by person_id order by entry_date desc, placementdetail_id desc) = 1
)

select
    p.person_id,
    'person' as table_name,
    p.row_id,
    'UPNunknown' as field,
    p.upn_unknown as value,
    r.establishment as detail
from person as p
inner join main_placement as m on p.row_id = m.person_id
inner join register_match as r on m.placementdetail_id = r.row_id and r.table_name = 'placementdetail'
where p.upn_unknown in ('UN2', 'UN9') and r.is_state_funded
order by all
