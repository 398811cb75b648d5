-- One row per indicator that has members in the cohort: how many are counted, out of how many.
select
    indicator_id,
    cast(count(*) filter (where in_numerator) as bigint) as numerator,
    cast(count(*) filter (where in_denominator) as bigint) as denominator
from member
where person_id in (select person_id from cohort_person($cohort_characteristics, $cohort_categories))
group by indicator_id
