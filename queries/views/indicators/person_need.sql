-- One row per person with a primary need: the rank 1 need of the caseload plan's request, else of the latest request
-- that has one, and the rank 2 need with it. If there are several, the first in the file.
with ranked as (
    select
        n.person_id,
        n.requests_id,
        n.sen_type_rank,
        upper(n.sen_type) as need,
        c.requests_id is not null as is_of_caseload,
        r.received_date
    from senneed as n
    inner join requests as r on n.requests_id = r.row_id
    left join caseload as c on n.requests_id = c.requests_id
    where upper(n.sen_type) in (select code from code where code_set = 'CS_SENTYPE')
    qualify row_number() over (partition by n.requests_id, n.sen_type_rank order by n.row_id) = 1
)

select
    p.person_id,
    p.need,
    s.need as secondary_need
from ranked as p
left join ranked as s on p.requests_id = s.requests_id and s.sen_type_rank = '2'
where p.sen_type_rank = '1'
qualify
    row_number() over (
        partition by p.person_id
        order by p.is_of_caseload desc, p.received_date desc nulls last, p.requests_id desc
    ) = 1
