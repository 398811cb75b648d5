-- One row per person: the step that settles the match, NULL for none, and its name.
with settled as (
    select
        person_id,
        min(step) as step
    from fit
    where pupil_id not in (select pupil_id from repeated_row)
    group by person_id
)

select
    p.person_id,
    s.step,
    case
        when p.is_shared then 'upn_shared'
        when p.person_id in (select person_id from accepted) then 'accepted'
        when s.step is null then 'none'
        else (['exact', 'near_sex', 'near_dob', 'near_upn', 'near_uln', 'near_name'])[s.step + 1]
    end as match
from linked_person as p
left join settled as s on p.person_id = s.person_id
