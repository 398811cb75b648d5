-- One row per pupil row that is kept, with its census return.
select
    p.* exclude (
        key, parent, part, seq, read_no, upn, formerupn, uniquelearnernumber, sex, surname, forename, ncyearactual,
        ncyearleaving
    ),
    p.read_no as pupil_id,
    u.upn,
    u.former_upn,
    u.uln,
    u.sex,
    p.surname,
    p.forename,
    if(p.on_roll, p.ncyearactual, p.ncyearleaving) as nc_year_code,
    r.return_id,
    r.laestab,
    r.lea,
    r.urn,
    r.year,
    r.term,
    r.term_place,
    r.academic_year,
    r.census_day
from kept_pupil as p
inner join pupil as u on p.read_no = u.pupil_id
inner join census_return as r on u.return_id = r.return_id
