-- One row per person who moved the indicator: what they count as in each return, and their details from the later one.
select
    m.before_person,
    m.after_person,
    m.of_before,
    m.counted_before,
    m.of_after,
    m.counted_after,
    w.surname,
    w.forename,
    w.birth_date,
    w.upn,
    w.uln,
    e.surname as earlier_surname,
    e.forename as earlier_forename,
    e.birth_date as earlier_birth_date
from indicator_move as m
left join person_known as w
    on (m.after_person is not null) = w.is_after and coalesce(m.after_person, m.before_person) = w.person
left join person_known as e on not e.is_after and m.before_person = e.person
where m.indicator_id = $indicator_id
order by m.after_person, m.before_person
