-- One row a person with a describing enrolment: the one that says the NC year and the characteristics.
with ranked as (
    select
        l.person_id,
        e.*,
        row_number() over (
            partition by l.person_id
            order by
                not e.on_roll,
                e.term_place,
                case e.enrolstatus when 'C' then 1 when 'M' then 1 when 'F' then 1 when 'O' then 1 when 'S' then 2 else 3 end,
                e.entrydate desc nulls last,
                e.laestab,
                e.pupil_id
        ) as place
    from link as l
    inner join enrolment as e on l.pupil_id = e.pupil_id
    where
        l.step = 0
        and ((e.term = 'SPR' and e.year = $return_year) or (e.term = 'AUT' and e.year = $return_year - 1))
),

periods as (
    select
        m.pupil_id,
        bool_or(
            m.fsmstartdate <= e.census_day and (m.fsmenddate is null or m.fsmenddate >= e.census_day)
        ) as is_eligible
    from meal as m
    inner join enrolment as e on m.pupil_id = e.pupil_id
    where m.part in ('any', if(e.term = 'AUT', 'autumn', 'other'))
    group by m.pupil_id
)

select
    r.* exclude (place),
    case
        when not r.on_roll or r.census_day is null then null
        when not if(r.term = 'AUT', x.has_autumn_meals, x.has_other_meals) then null
        when coalesce(p.is_eligible, false) then 'yes'
        else 'no'
    end as fsm
from ranked as r
inner join export as x on r.export = x.export
left join periods as p on r.pupil_id = p.pupil_id
where r.place = 1
