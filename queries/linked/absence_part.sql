-- One row per part of an enrolment that counts: possible sessions and absence of a child aged 5 to 15 on the 31 August
-- with which the academic year begins. With session rows, these give the absence; else the totals.
with part as (
    select
        e.pupil_id,
        e.year - 1 as academic_year,
        'termly' as part,
        e.boarder,
        e.termlysessionspossible as possible,
        e.termlysessionsauthorised as authorised,
        e.termlysessionsunauthorised as unauthorised
    from enrolment as e
    inner join export as x on e.export = x.export and x.has_termly
    union all
    select
        e.pupil_id,
        e.year - 1 as academic_year,
        'half_term_2' as part,
        e.boarder,
        e.summerhalfterm2sessionspossible as possible,
        e.summerhalfterm2sessionsauthorised as authorised,
        e.summerhalfterm2sessionsunauthorised as unauthorised
    from enrolment as e
    inner join export as x on e.export = x.export and x.has_half_term_2
    where e.term = 'AUT'
),

session_sum as (
    select
        s.pupil_id,
        s.part,
        coalesce(sum(s.sessions) filter (where c.code_group = 'authorised'), 0) as authorised,
        coalesce(sum(s.sessions) filter (where c.code_group = 'unauthorised'), 0) as unauthorised
    from session as s
    left join census_code as c on c.code_set = 'attendance_reason' and s.attendancereason = c.code
    group by s.pupil_id, s.part
)

select
    l.person_id,
    t.pupil_id,
    t.part,
    cast(t.academic_year as integer) as academic_year,
    cast(t.possible as bigint) as possible,
    cast(coalesce(if(s.pupil_id is null, t.authorised, s.authorised), 0) as bigint) as authorised,
    cast(coalesce(if(s.pupil_id is null, t.unauthorised, s.unauthorised), 0) as bigint) as unauthorised,
    coalesce(s.authorised <> t.authorised, false) or coalesce(s.unauthorised <> t.unauthorised, false)
        as are_totals_different
from part as t
inner join link as l on t.pupil_id = l.pupil_id and l.step = 0
inner join linked_person as p on l.person_id = p.person_id
left join census_code as b on b.code_set = 'boarder' and t.boarder = b.code
left join session_sum as s on t.pupil_id = s.pupil_id and t.part = s.part
where
    t.possible > 0
    and coalesce(b.code_group, '') <> 'no_attendance'
    and is_of_absence_age(p.birth_date, t.academic_year)
