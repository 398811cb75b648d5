-- One row per person with a describing enrolment: the one that says the NC year and the characteristics.
with ranked as (
    select
        l.person_id,
        l.pupil_id,
        row_number() over (
            partition by l.person_id
            order by
                not e.on_roll asc,
                e.term_place asc,
                case when e.enrolstatus in ('C', 'M', 'F', 'O') then 1 when e.enrolstatus = 'S' then 2 else 3 end asc,
                e.entrydate desc nulls last,
                e.laestab asc,
                e.pupil_id asc
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
    r.person_id,
    e.pupil_id,
    e.laestab,
    e.lea,
    e.urn,
    e.year,
    e.term,
    e.on_roll,
    e.nc_year_code,
    e.language,
    e.ethnicity,
    e.senprovision,
    e.youngcarer,
    e.plaa,
    e.servicechild,
    e.senunitindicator,
    e.resourcedprovisionindicator,
    case
        when not e.on_roll or e.census_day is null then null
        when not if(e.term = 'AUT', x.has_autumn_meals, x.has_other_meals) then null
        when coalesce(p.is_eligible, false) then 'yes'
        else 'no'
    end as fsm
from ranked as r
inner join enrolment as e on r.pupil_id = e.pupil_id
inner join export as x on e.export = x.export
left join periods as p on r.pupil_id = p.pupil_id
where r.place = 1
