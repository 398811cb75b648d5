-- One row per pair that a step makes: of the rows left in a group, the k-th of the earlier return and the k-th of the
-- later one that share a key. $key: the column that holds it; fingerprint of all items, none for the order of the file.
-- $is_single: only if the key occurs once among the rows left on each side.
with keyed as (
    select
        is_after,
        row_id,
        group_id,
        case $key
            when 'fingerprint' then cast(fingerprint as varchar)
            when 'key_0' then key_0
            when 'key_1' then key_1
            when 'key_2' then key_2
            when 'key_3' then key_3
            when 'none' then ''
        end as pair_key
    from left_over
),

numbered as (
    select
        *,
        row_number() over (partition by is_after, group_id, pair_key order by row_id) as place,
        count(*) over (partition by is_after, group_id, pair_key) as n_sharing
    from keyed
    where pair_key is not null
)

select
    b.row_id as before_row,
    a.row_id as after_row
from numbered as b
inner join numbered as a on b.group_id = a.group_id and b.pair_key = a.pair_key and b.place = a.place
where not b.is_after and a.is_after and (not $is_single or (b.n_sharing = 1 and a.n_sharing = 1))
