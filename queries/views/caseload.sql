-- One row per person with a plan active on census day: the plan with the latest start date; if tied, the later in file.
with chosen as (
    select max_by(requests_id, struct_pack(a := start_date, b := namedplan_id)) as requests_id
    from request_journey
    where is_active
    group by person_id
)

select
    j.requests_id,
    j.person_id,
    j.namedplan_id,
    j.activeplans_id,
    j.birth_date,
    j.start_date,
    j.review_meeting,
    j.review_outcome,
    j.last_review,
    j.phase_transfer_due_date,
    j.phase_transfer_due_date_text,
    j.phase_transfer_final_date,
    j.pb,
    j.oa,
    j.dp
from request_journey as j
inner join chosen as c on j.requests_id = c.requests_id
