-- One row per key of a pupil row: the row that stands for it. Of several with one key, the first read.
select
    export,
    on_roll,
    key,
    min(read_no) as pupil_id
from raw_pupil
where key is not null
group by all
