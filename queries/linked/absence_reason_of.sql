-- One row per child, academic year and code of session rows that count: the sessions, and the group of the code.
select
    a.person_id,
    a.academic_year,
    s.attendancereason as code,
    coalesce(c.code_group, 'other_code') as code_group,
    cast(coalesce(sum(s.sessions), 0) as bigint) as sessions
from absence_part as a
inner join absence_child as k
    on a.person_id = k.person_id and a.academic_year = k.academic_year and not k.is_over_possible
inner join session as s on a.pupil_id = s.pupil_id and a.part = s.part
left join census_code as c on c.code_set = 'attendance_reason' and s.attendancereason = c.code
where s.attendancereason is not null
group by all
