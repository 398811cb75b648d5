-- One row per category, or pair of categories, with members of one indicator: how many are counted, out of how many.
select
    category_1,
    category_2,
    cast(count(*) filter (where in_numerator) as bigint) as numerator,
    cast(count(*) filter (where in_denominator) as bigint) as denominator
from placed_member($indicator_id, $by_1, $by_2, $cohort_characteristics, $cohort_categories)
group by all
