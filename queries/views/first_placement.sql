-- One row a Requests group that has a rank 1 placement open on census day: the latest entry date, ties to the later
-- in the file.
select *
from placement
where is_open and placement_rank = '1'
qualify row_number() over (partition by requests_id order by entry_date desc, placementdetail_id desc) = 1
