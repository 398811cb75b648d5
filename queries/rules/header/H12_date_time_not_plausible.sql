/*---
id: H12
severity: query
affects: format
title: Date and time of the extract looks wrong
message: The date and time of the extract is missing, cannot be read, is before census day, or is in the future.
guidance: >
  DateTime says when the file was made, as ccyy-mm-dd hh:mm:ss. It cannot be before census day, because the return
  describes that day, or later than the time now in the United Kingdom. Usually the clock or the format of the exporting
  system is wrong. You can leave it in a trial file made before census day: the final file is made on that day or later.
module: header
table: header
fields: [DateTime]
years: [2023, null]
source: Logic check
---*/
-- A fraction of a second and a zone may follow and are ignored. $now is the time in the United Kingdom.
with header_time as (
    select
        *,
        try_cast(
            regexp_extract(
                date_time,
                '^([0-9]{4}-[0-9]{2}-[0-9]{2}[ T]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])'
                || '(\.[0-9]+)?(Z|\+[0-9]{2}:[0-9]{2})?$',
                1
            ) as timestamp
        ) as made_at
    from header
)

select
    person_id,
    'header' as table_name,
    row_id,
    'DateTime' as field,
    date_time as value,
    case
        when date_time is null then null
        when made_at is null then 'not a date and time such as 2025-01-20 09:30:00'
        when made_at > $now then 'after ' || uk_date($now) || strftime($now, ' %H:%M')
        else 'before census day ' || uk_date($census_date)
    end as detail
from header_time
where made_at is null or cast(made_at as date) < $census_date or made_at > $now
order by all
