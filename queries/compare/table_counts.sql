-- One row per table: its pairs, those with an item that has changed, and its rows that were added or are gone.
with counted as (
    select
        table_name,
        count(*) as n_both,
        count_if(not is_equal) as n_changed,
        0 as n_added,
        0 as n_gone
    from pair
    group by table_name
    union all
    select
        table_name,
        0 as n_both,
        0 as n_changed,
        count_if(kind = 'added') as n_added,
        count_if(kind = 'gone') as n_gone
    from alone
    group by table_name
)

select
    table_name,
    cast(sum(n_both) as bigint) as n_both,
    cast(sum(n_changed) as bigint) as n_changed,
    cast(sum(n_added) as bigint) as n_added,
    cast(sum(n_gone) as bigint) as n_gone
from counted
group by table_name
