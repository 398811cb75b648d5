-- One row per key of a pupil row: the row with that key. Of several, the first read.
select
    export,
    on_roll,
    key,
    min(read_no) as pupil_id
from raw_pupil
where key is not null
group by all
