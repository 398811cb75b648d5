/*---
id: phase_transfer_plans_on_time
place: 26
title: Phase transfer plans finalised by the deadline
unit: people
group: reviews
definition: People whose final plan after a phase transfer review is dated on or before its due date.
base: people in the caseload with a phase transfer due date in the collection year
age_at: aug31
published_as: null
is_count: false
from_year: 2025
note: Not published. The DfE publishes how many are due, and how many final plans are dated, in each of two years.
source: SEN2 technical specification 2025
---*/
select
    person_id,
    'namedplan' as table_name,
    namedplan_id as row_id,
    true as in_denominator,
    phase_transfer_final_date <= phase_transfer_due_date as in_numerator
from caseload
where is_within(phase_transfer_due_date, $year_start, $year_end)
order by all
