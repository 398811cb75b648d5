-- One row per person at a place with a report card and area of it: the step, by place from 1, the best.
select
    p.person_id,
    a.area,
    a.step
from person_inspection as p
inner join raw_inspection_area as a on p.card_no = a.read_no
where starts_with(p.category, 'rc_')
order by all
