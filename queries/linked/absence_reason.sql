-- One row per academic year and code of session rows that count: their sessions, and the group of the code.
select
    academic_year,
    code,
    code_group,
    cast(sum(sessions) as bigint) as sessions
from absence_reason_of
group by all
order by all
