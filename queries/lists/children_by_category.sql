-- One row per category, or pair of categories, with members of one indicator: the children behind those members.
-- A child with two members in one category counts once there.
select
    category_1,
    category_2,
    cast(count(distinct person_id) filter (where in_numerator) as bigint) as numerator,
    cast(count(distinct person_id) filter (where in_denominator) as bigint) as denominator
from placed_member($indicator_id, $by_1, $by_2, $cohort_characteristics, $cohort_categories)
group by all
