-- One row per member of one indicator that is in the cohort, with its person, its dates and its place in the file.
with chosen as (
    select
        person_id,
        table_name,
        row_id,
        age,
        in_numerator
    from placed_member($indicator_id, $by_1, $by_2, $cohort_characteristics, $cohort_categories)
    where
        ($by_1 is null or category_1 = $key_1)
        and ($by_2 is null or category_2 = $key_2)
        and ($in_numerator is null or in_numerator = $in_numerator)
)

select
    c.person_id,
    c.table_name,
    c.row_id,
    place.line,
    place.path,
    p.surname,
    p.forename,
    p.person_birth_date_text as birth_date,
    p.upn,
    p.unique_learner_number as uln,
    c.age,
    c.in_numerator,
    j.received_date,
    j.request_outcome,
    j.request_outcome_date,
    j.assessment_outcome,
    j.assessment_outcome_date,
    j.start_date,
    j.cease_date,
    need.label as need,
    setting.label as place
from chosen as c
inner join row_place as place on c.table_name = place.table_name and c.row_id = place.row_id
inner join row_age as r on c.table_name = r.table_name and c.row_id = r.row_id
inner join request_journey as j on r.requests_id = j.requests_id
inner join person as p on c.person_id = p.row_id
inner join profile as f on c.person_id = f.person_id
inner join category as need on need.characteristic = 'need' and f.need = need.key
inner join category as setting on setting.characteristic = 'place' and f.place = setting.key
where place.table_name in ('requests', 'assessment', 'namedplan')
order by c.person_id, c.row_id
limit $n_rows offset $n_before
