/*---
id: A03
severity: error
affects: figures
title: Date of issue missing
message: A plan was issued, but the assessment does not say on which day.
guidance: >
  The outcome is Y and the plan has a start date, so the plan was issued. The 20-week figure needs the day. Usually the
  date was entered only on the plan. Enter the day on which the final plan was issued, normally the start date of the
  plan.
module: assessment
table: assessment
fields: [AssessmentOutcomeDate]
years: [2023, null]
source: DfE specification 2025, 2.3
---*/
-- A start date that cannot be read is still present, so this uses the texts.
select
    person_id,
    'assessment' as table_name,
    assessment_id as row_id,
    'AssessmentOutcomeDate' as field,
    null as value,
    'plan started ' || coalesce(uk_date(start_date), start_date_text) as detail
from request_journey
where assessment_outcome = 'Y' and start_date_text is not null and assessment_outcome_date_text is null
order by all
