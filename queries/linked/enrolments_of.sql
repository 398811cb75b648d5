-- One row per enrolment of a person, the newest census first: of rows that match exactly, and of accepted near matches.
select
    e.year,
    e.term,
    e.laestab,
    e.urn,
    e.on_roll,
    coalesce(y.label, e.nc_year_code) as nc_year,
    e.entrydate as entry_date,
    e.leavingdate as leaving_date,
    coalesce(b.label, e.boarder) as boarder
from link as l
inner join enrolment as e on l.pupil_id = e.pupil_id
left join census_code as b on b.code_set = 'boarder' and e.boarder = b.code
left join census_code as y on y.code_set = 'nc_year' and e.nc_year_code = y.code
where l.person_id = $person and l.step = 0
order by e.year desc, e.term_place desc, e.on_roll desc, e.laestab asc, e.pupil_id asc
