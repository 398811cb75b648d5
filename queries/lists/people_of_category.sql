-- One row per person of the cohort in one category, or pair of categories, with their own categories in words.
with chosen as (
    select distinct person_id
    from placed_person($by_1, $by_2, $cohort_characteristics, $cohort_categories)
    where category_1 = $key_1 and ($by_2 is null or category_2 = $key_2)
)

select
    p.row_id as person_id,
    p.surname,
    p.forename,
    p.person_birth_date_text as birth_date,
    p.upn,
    p.unique_learner_number as uln,
    age_at(p.person_birth_date, $august_31) as age,
    stage.label as stage,
    need.label as need,
    need2.label as need2,
    place.label as place
from chosen as c
inner join person as p on c.person_id = p.row_id
inner join profile as f on c.person_id = f.person_id
inner join category as stage on stage.characteristic = 'stage' and f.stage = stage.key
inner join category as need on need.characteristic = 'need' and f.need = need.key
inner join category as need2 on need2.characteristic = 'need' and f.need2 = need2.key
inner join category as place on place.characteristic = 'place' and f.place = place.key
order by p.row_id
