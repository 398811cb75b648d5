-- One row per category, or pair of categories, of one or two characteristics: the people of the cohort in it.
select
    category_1,
    category_2,
    cast(count(*) as bigint) as n
from placed_person($by_1, $by_2, $cohort_characteristics, $cohort_categories)
group by all
