-- One row per person, expected stage and academic year whose result does not fit: it is neither of the expected
-- year nor of the one before or after. It counts nowhere.
select
    e.person_id,
    e.stage,
    e.expected_year,
    r.year,
    r.is_met,
    r.is_full,
    false as is_repeat,
    r.outcomes,
    r.attainment_8
from attainment_expected as e
inner join attainment_result as r on e.person_id = r.person_id and e.stage = r.stage
where abs(r.year - e.expected_year) > 1
qualify
    row_number() over (
        partition by e.person_id, e.stage, r.year order by r.is_full desc, r.read_no desc
    ) = 1
order by e.person_id, e.stage, r.year
