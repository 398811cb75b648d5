/*---
id: M12
severity: query
title: Notice to cease without a review outcome of cease
message: The placement says that a notice to cease was issued, but the last review did not end with a decision to cease.
guidance: >
  NIEC is for someone out of education or training to whom the authority has given notice that the plan will cease.
  That decision is normally the outcome of a review, C. Correct the setting type (NEET or NIEO where no notice was
  given) or the review outcome. Leave it where the notice came about without a review, and explain it in a note.
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
