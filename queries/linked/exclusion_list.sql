-- One row a suspension or exclusion, in the order of the return. is_provisional: the latest census alone has it.
select
    person_id,
    academic_year,
    laestab,
    startdate,
    category,
    if(category = 'LNCH', 1, greatest(stated, 0)) as sessions,
    reasons,
    are_sessions_different,
    category = 'SUSP' and (stated < 0 or stated > 90) as is_odd,
    n_rows = 1
    and latest = (select max(struct_pack(a := year, b := term_place)) from census_return where not is_superseded)
        as is_provisional
from exclusion_event
order by person_id, startdate, category, laestab
