-- One row per suspension or exclusion: a person, school, first day and category. The row of the latest census holds.
with event_row as (
    select
        l.person_id,
        e.laestab,
        x.startdate,
        if(x.category = 'FIXD', 'SUSP', x.category) as category,
        x.sessions,
        list_sort(list_distinct(list_filter([x.reason1, x.reason2, x.reason3], lambda each: each is not null)))
            as reasons,
        e.year,
        e.term_place,
        x.seq
    from exclusion as x
    inner join enrolment as e on x.pupil_id = e.pupil_id
    inner join link as l on x.pupil_id = l.pupil_id and l.step = 0
    where x.startdate is not null and x.category in ('SUSP', 'FIXD', 'LNCH', 'PERM')
)

select
    person_id,
    laestab,
    startdate,
    category,
    cast(year(startdate) - if(month(startdate) < 9, 1, 0) as integer) as academic_year,
    arg_max(coalesce(sessions, -1), struct_pack(a := year, b := term_place, c := seq)) as stated,
    arg_max(reasons, struct_pack(a := year, b := term_place, c := seq)) as reasons,
    count(*) as n_rows,
    count(distinct coalesce(sessions, -1)) > 1 as are_sessions_different,
    min(struct_pack(a := year, b := term_place)) as earliest
from event_row
group by person_id, laestab, startdate, category
