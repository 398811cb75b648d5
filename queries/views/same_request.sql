-- One row a pair of a Requests group of the earlier return (previous_requests_id) and one of this return (requests_id)
-- that can be the same request: of a matched person, and with the same received date or a blank one on either side.
select
    p.requests_id as previous_requests_id,
    r.row_id as requests_id
from previous_journey as p
inner join same_person as s on p.person_id = s.previous_person_id
inner join requests as r on s.person_id = r.person_id
where
    p.received_date_text is null
    or r.received_date_text is null
    or p.received_date_text = r.received_date_text
