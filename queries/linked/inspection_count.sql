-- One row per category of inspection outcomes: people, and distinct establishments.
select
    category,
    count(*) as children,
    count(distinct establishment) as establishments
from person_inspection
group by category
order by category
