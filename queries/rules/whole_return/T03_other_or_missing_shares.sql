/*---
id: T03
severity: query
affects: record
title: Share of 'other' or missing values is high
message: An unusually large share of the return is "other" or missing.
guidance: >
  The limits are at or above the shares published for England: 5% of ceased plans with reason 9, 5% of placements with
  setting OTH, 3% of plans without a placement on census day, 1% without a primary need. Usually codes of the case
  system were mapped to "other", or an item was not extracted for one group. Look at the findings of N37 and M11, of N43
  and M04, and of M27 and M28. If the figures are right, leave them and explain them in a note.
module: whole_return
table: return
fields: []
years: [2023, null]
source: DfE statistics 2026, shares for England
---*/
with placement_share as (
    select
        'placements open on census day have setting type OTH' as what,
        count(*) filter (where sen_setting = 'OTH') as n,
        count(*) as n_all,
        5 as percent_limit
    from placement
    where is_open
),

cease_share as (
    select
        'plans ceased in the year have cease reason 9' as what,
        count(*) filter (where cease_reason = '9') as n,
        count(*) as n_all,
        5 as percent_limit
    from request_journey
    where is_within(cease_date, $year_start, $year_end)
),

caseload_share as (
    select
        unnest([
            'plans on census day have no placement open that day', 'plans on census day have no primary type of need'
        ]) as what,
        unnest([
            count(*) filter (where coalesce(g.n_open, 0) = 0), count(*) filter (where coalesce(g.n_needs_rank_1, 0) = 0)
        ]) as n,
        count(*) as n_all,
        unnest([3, 1]) as percent_limit
    from caseload as c
    left join placements_and_needs as g on c.activeplans_id = g.activeplans_id
),

share as (
    from placement_share
    union all
    from cease_share
    union all
    from caseload_share
)

select
    null as person_id,
    'return' as table_name,
    null as row_id,
    null as field,
    null as value,
    n || ' of ' || n_all || ' ' || what || ': more than ' || percent_limit || '%' as detail
from share
where n_all >= 20 and n * 100 > n_all * percent_limit
order by all
