-- One row per expected stage: people by class, and of those matched how many met the headline and were assessed.
select
    stage,
    count(*) as expected,
    count(*) filter (where class = 'matched') as matched,
    count(*) filter (where class = 'not_held') as not_held,
    count(*) filter (where class = 'not_loaded') as not_loaded,
    count(*) filter (where class = 'unmatched') as unmatched,
    count(*) filter (where class = 'matched' and is_met) as headline,
    count(*) filter (where class = 'matched' and is_assessed) as assessed,
    count(*) filter (where class = 'matched' and has_basics_5) as basics_5,
    count(attainment_8) as attainment8_children,
    avg(attainment_8) as attainment8_mean
from person_attainment
group by stage
order by stage
