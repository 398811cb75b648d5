-- One row per person (the one asked for): their line, how many people before begin on it, and the next person's line.
select
    p.line,
    (select count(*) from person as o where o.line = p.line and o.row_id < p.row_id) as n_before,
    (select min(o.line) from person as o where o.row_id = p.row_id + 1) as next_line
from person as p
where p.row_id = $person
