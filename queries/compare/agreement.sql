-- One row per item of one table that differs in a pair of rows: how often both have a value, how often one is blank,
-- and how often the two values differ in only one way.
with valued as (
    select
        field,
        before,
        after,
        before is not null and after is not null as are_both,
        are_both and ltrim(before, '0') = ltrim(after, '0') as differs_in_zeros,
        real_date(before) as before_day,
        real_date(after) as after_day
    from change
    where table_name = $table
)

select
    field,
    cast(count_if(are_both) as bigint) as n_differ,
    cast(count_if(after is null) as bigint) as n_before_alone,
    cast(count_if(before is null) as bigint) as n_after_alone,
    cast(count_if(are_both and squashed(before) = squashed(after)) as bigint) as n_case,
    cast(count_if(differs_in_zeros and len(before) > len(after)) as bigint) as n_zeros_lost,
    cast(count_if(differs_in_zeros and len(before) < len(after)) as bigint) as n_zeros_added,
    cast(count_if(are_both and is_with_midnight(after, before)) as bigint) as n_midnight_added,
    cast(count_if(are_both and is_with_midnight(before, after)) as bigint) as n_midnight_lost,
    cast(count_if(before_day is not null and after_day is not null) as bigint) as n_days,
    min(days_from(before_day, after_day)) as least_days,
    max(days_from(before_day, after_day)) as most_days
from valued
group by field
