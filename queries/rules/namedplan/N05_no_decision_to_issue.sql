/*---
id: N05
severity: error
affects: figures
effect: "{n} plan{s} will be left out of the 20-week rate"
title: Plan without a decision to issue
message: There is a named plan, but the assessment outcome is not a decision that can lead to one.
guidance: >
  A plan follows a decision to issue (Y), a decision of an earlier period (H), or a decision not to issue that was
  overturned (N). Usually the assessment outcome was not updated when the plan was issued. Correct AssessmentOutcome, or
  remove the NamedPlan group if no plan was issued.
module: namedplan
table: namedplan
fields: [NamedPlan]
years: [2023, null]
source: DfE specification 2025, 2.3
---*/
select
    person_id,
    'namedplan' as table_name,
    namedplan_id as row_id,
    'NamedPlan' as field,
    null as value,
    'assessment outcome ' || coalesce(assessment_outcome, 'blank') as detail
from request_journey
where namedplan_id is not null and coalesce(assessment_outcome, '') not in ('Y', 'H', 'N')
order by all
