-- One row a person with a plan active on census day: the one with the latest start date, ties to the later in the file.
select *
from request_journey
where is_active
qualify row_number() over (partition by person_id order by start_date desc, namedplan_id desc) = 1
