-- One row per Requests group of the earlier return (previous_requests_id) that continues in this one, and whether a
-- request that continues it has an Assessment group (has_assessment).
-- It continues if a matched person has a request with the same ReceivedDate or, otherwise, one that is not historical
-- and whose ReceivedDate is blank or not among those of the person's earlier requests; if its own ReceivedDate was
-- blank, any that is not historical. Historical means outcome H with a plan that began by that census day.
-- Requests are compared by date, not with each other, so the cost grows only with the requests of the matched pairs.
with request_now as materialized (
    select
        s.previous_person_id,
        s.person_id,
        j.received_date,
        j.received_date_text is null as is_blank,
        j.assessment_id is not null as has_assessment,
        (j.request_outcome = 'H' and j.start_date <= $previous_census_date) is true as is_history
    from same_person as s
    inner join request_journey as j on s.person_id = j.person_id
),

dated as (
    select
        previous_person_id,
        person_id,
        received_date,
        bool_or(has_assessment) as has_assessment
    from request_now
    where received_date is not null
    group by all
),

date_then as (
    select distinct
        person_id,
        received_date
    from previous.requests
    where received_date is not null
),

current_case as (
    select
        n.previous_person_id,
        n.person_id,
        bool_or(n.has_assessment) as has_assessment,
        bool_or(t.person_id is null) as is_other,
        bool_or(t.person_id is null and n.has_assessment) as is_other_with_assessment
    from request_now as n
    left join date_then as t on n.previous_person_id = t.person_id and n.received_date = t.received_date
    where not n.is_history
    group by all
),

stands as (
    select
        p.requests_id,
        case
            when d.person_id is not null then d.has_assessment
            when p.received_date_text is null then c.has_assessment
            when c.is_other then c.is_other_with_assessment
        end as has_assessment
    from previous_journey as p
    inner join same_person as s on p.person_id = s.previous_person_id
    left join dated as d
        on
            s.previous_person_id = d.previous_person_id
            and s.person_id = d.person_id
            and p.received_date = d.received_date
    left join current_case as c on s.previous_person_id = c.previous_person_id and s.person_id = c.person_id
)

select
    requests_id as previous_requests_id,
    bool_or(has_assessment) as has_assessment
from stands
where has_assessment is not null
group by requests_id
