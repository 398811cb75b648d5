/*---
id: A08
severity: error
affects: figures
title: Outcome after census day
message: The assessment outcome is dated after census day.
guidance: >
  The return shows the position on census day: a decision made later belongs in the next return. Usually the year was
  mistyped, or the extract was run later and does not show the position on census day. Correct the date, or show the
  assessment as A (not yet decided) with no outcome date.
module: assessment
table: assessment
fields: [AssessmentOutcomeDate]
years: [2023, null]
source: DfE specification 2025, 1.2
---*/
select
    person_id,
    'assessment' as table_name,
    row_id,
    'AssessmentOutcomeDate' as field,
    assessment_outcome_date_text as value,
    'census day ' || uk_date($census_date) as detail
from assessment
where assessment_outcome_date > $census_date
order by all
