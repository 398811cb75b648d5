-- One row per person and expected stage: its class, and the result that counts where one fits. A check of phonics
-- that was met a year later than expected is a Year 2 repeat. In order, because the last digits of a mean follow the
-- order in which it is added up.
with fitting as (
    select
        e.person_id,
        e.stage,
        r.year,
        r.is_met,
        r.is_full,
        r.is_assessed,
        r.outcomes,
        r.has_basics_5,
        r.attainment_8,
        row_number() over (
            partition by e.person_id, e.stage
            order by
                e.stage = 'phonics' and r.is_met desc,
                r.is_full desc,
                r.year desc,
                r.read_no desc
        ) as place
    from attainment_expected as e
    inner join attainment_result as r on e.person_id = r.person_id and e.stage = r.stage
    where abs(r.year - e.expected_year) <= 1
)

select
    e.person_id,
    e.stage,
    e.expected_year,
    case
        when f.person_id is not null then 'matched'
        when h.stage is not null then 'not_held'
        when l.stage is null then 'not_loaded'
        else 'unmatched'
    end as class,
    f.year,
    f.is_met,
    f.is_full,
    f.is_assessed,
    e.stage = 'phonics' and f.is_met and f.year > e.expected_year as is_repeat,
    f.outcomes,
    f.has_basics_5,
    f.attainment_8
from attainment_expected as e
left join fitting as f on e.person_id = f.person_id and e.stage = f.stage and f.place = 1
left join attainment_not_held as h
    on
        e.stage = h.stage
        and e.expected_year >= h.first
        and (h.last is null or e.expected_year <= h.last)
left join attainment_loaded as l on e.stage = l.stage and e.expected_year = l.year
order by e.person_id, e.stage
