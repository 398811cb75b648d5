-- One row an area of report cards and a step, by place from 1, the best: people.
select
    a.area,
    a.step,
    count(*) as n
from person_inspection as p
inner join raw_inspection_area as a on p.card_no = a.read_no
where starts_with(p.category, 'rc_')
group by all
order by all
