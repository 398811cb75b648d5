-- One row a caseload plan that has a placement open on census day: rank 1 before rank 2 before any other, then the
-- latest entry date, then the later in the file.
select p.*
from placement as p
inner join caseload as c on p.requests_id = c.requests_id
where p.is_open
qualify
    row_number() over (
        partition by p.requests_id
        order by
            case p.placement_rank when '1' then 1 when '2' then 2 else 3 end,
            p.entry_date desc,
            p.placementdetail_id desc
    ) = 1
