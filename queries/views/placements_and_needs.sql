-- One row per ActivePlans group: how many placements it has, how many of them are open on census day, and how many
-- needs. n_need_types counts needs with a type, n_different_need_types the distinct types, ignoring case.
with placements as (
    select
        activeplans_id,
        count(*) as n_placements,
        count(*) filter (where is_open) as n_open,
        count(*) filter (where is_open and placement_rank = '1') as n_open_rank_1,
        count(*) filter (where is_open and placement_rank = '2') as n_open_rank_2,
        count(*) filter (where is_open and sen_setting = 'NIEC') as n_open_niec
    from placement
    group by activeplans_id
),

needs as (
    select
        activeplans_id,
        count(*) as n_needs,
        count(*) filter (where sen_type_rank = '1') as n_rank_1,
        count(*) filter (where sen_type_rank = '2') as n_rank_2,
        count(sen_type) as n_need_types,
        count(distinct upper(sen_type)) as n_different_need_types
    from senneed
    group by activeplans_id
)

select
    v.row_id as activeplans_id,
    v.requests_id,
    v.person_id,
    coalesce(p.n_placements, 0) as n_placements,
    coalesce(p.n_open, 0) as n_open,
    coalesce(p.n_open_rank_1, 0) as n_open_rank_1,
    coalesce(p.n_open_rank_2, 0) as n_open_rank_2,
    coalesce(p.n_open_niec, 0) as n_open_niec,
    coalesce(n.n_needs, 0) as n_needs,
    coalesce(n.n_rank_1, 0) as n_needs_rank_1,
    coalesce(n.n_rank_2, 0) as n_needs_rank_2,
    coalesce(n.n_need_types, 0) as n_need_types,
    coalesce(n.n_different_need_types, 0) as n_different_need_types
from activeplans as v
left join placements as p on v.row_id = p.activeplans_id
left join needs as n on v.row_id = n.activeplans_id
