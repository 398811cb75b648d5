/*---
id: M12
severity: query
affects: record
title: Notice to cease without a review outcome of cease
message: The setting type is NIEC (notice to cease issued), but the review outcome is not C (cease).
guidance: >
  NIEC is for someone out of education or training to whom the authority has given notice that the plan will cease. A
  decision to cease is normally the outcome (C) of a review. Correct the setting type (NEET or NIEO if no notice was
  given) or the review outcome. If the notice was given without a review, leave it and explain it in a note.
module: activeplans
table: placementdetail
fields: [SENsetting]
years: [2024, null]
source: Common Basic Data Set, CS110
---*/
select
    person_id,
    'placementdetail' as table_name,
    placementdetail_id as row_id,
    'SENsetting' as field,
    sen_setting as value,
    coalesce('ReviewOutcome is ' || review_outcome, 'ReviewOutcome is blank') as detail
from placement
where sen_setting = 'NIEC' and is_open and review_outcome is distinct from 'C'
order by all
