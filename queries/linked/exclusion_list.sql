-- One row per suspension or exclusion, in the order of the return. Sessions are NULL if they are not stated.
-- is_provisional: no census but the latest has it.
select
    person_id,
    academic_year,
    laestab,
    startdate,
    category,
    case when category = 'LNCH' then 1 when stated >= 0 then stated end as sessions,
    reasons,
    are_sessions_different,
    category = 'SUSP' and (stated < 0 or stated > 90) as is_odd,
    earliest = (select max(struct_pack(a := year, b := term_place)) from census_return where not is_superseded)
        as is_provisional
from exclusion_event
order by person_id, startdate, category, laestab
