-- One row per person of the cohort in the caseload: the plan with its categories (caseload_state), dates and placement.
select
    s.*,
    p.surname,
    p.forename,
    p.person_birth_date_text as birth_date,
    p.upn,
    c.start_date,
    c.review_meeting,
    c.last_review,
    c.review_outcome,
    c.phase_transfer_due_date,
    c.phase_transfer_final_date,
    d.entry_date,
    d.urn,
    d.ukprn,
    d.sen_setting
from caseload_state as s
inner join caseload as c on s.namedplan_id = c.namedplan_id
inner join person as p on s.person_id = p.row_id
left join current_placement as d on c.requests_id = d.requests_id
where s.person_id in (select person_id from cohort_person($cohort_characteristics, $cohort_categories))
order by s.person_id
