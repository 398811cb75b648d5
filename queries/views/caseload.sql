-- One row a person with a plan active on census day: the one with the latest start date, ties to the later in the file.
with chosen as (
    select max_by(requests_id, struct_pack(a := start_date, b := namedplan_id)) as requests_id
    from request_journey
    where is_active
    group by person_id
)

select j.*
from request_journey as j
inner join chosen as c on j.requests_id = c.requests_id
