-- One row per row of this table beneath a pupil row that is kept.
select
    k.pupil_id,
    t.* exclude (export, key, parent, on_roll)
from raw_exclusion as t
inner join pupil_key as k on t.export = k.export and t.on_roll = k.on_roll and t.parent = k.key
where k.pupil_id in (select pupil_id from link)
