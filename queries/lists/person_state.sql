-- One row: a person on census day: their age, their plan (in the caseload, else the latest) and their placement.
with plan as (
    select
        start_date,
        cease_date,
        is_active
    from request_journey
    where person_id = $person and namedplan_id is not null
    order by is_active desc, start_date desc nulls last, namedplan_id desc
    limit 1
),

waiting as (
    select received_date
    from request_journey
    where person_id = $person and is_undecided(request_outcome)
    order by received_date desc nulls last
    limit 1
)

select
    age_at(p.person_birth_date, $census_date) as age,
    n.start_date,
    n.cease_date,
    n.is_active,
    n.is_active is not null as has_plan,
    w.received_date as waiting_since,
    d.urn,
    d.ukprn,
    d.sen_setting,
    d.sen_setting_other,
    (select max(e.name) from establishment as e where e.urn = d.urn) as name_of_urn,
    (select max(e.name) from establishment as e where e.ukprn = d.ukprn) as name_of_ukprn
from person as p
left join plan as n on true
left join waiting as w on true
left join current_placement as c on p.row_id = c.person_id
left join placement as d on c.placementdetail_id = d.placementdetail_id
where p.row_id = $person
