-- One row per caseload plan: the state of its annual review, phase transfer, placement and personal budget, as
-- categories. review is NULL if none was expected, phase if none was due in the collection year; the placement is
-- the current one, and only a 2023 return holds its attendance pattern. A review is overdue when the last meeting was
-- more than 12 months before census day.
select
    c.person_id,
    c.namedplan_id,
    case
        when c.start_date >= $year_start then null
        when c.review_meeting is null then 'none'
        when c.last_review is null and days_from(c.review_meeting, $census_date) <= $four_weeks_days then 'waiting'
        when c.last_review is null then 'waiting_late'
        when days_from(c.review_meeting, c.last_review) <= $four_weeks_days then 'on_time'
        else 'late'
    end as review,
    coalesce(c.review_meeting < year_before($census_date), false) as is_overdue,
    if(c.review_outcome in ('M', 'A', 'C'), c.review_outcome, 'none') as outcome,
    if(
        is_within(c.phase_transfer_due_date, $year_start, $year_end),
        case
            when strftime(c.phase_transfer_due_date, '%m-%d') = '02-15' then 'february'
            when strftime(c.phase_transfer_due_date, '%m-%d') = '03-31' then 'march'
            else 'other'
        end,
        null
    ) as phase,
    case
        when c.phase_transfer_final_date is null then 'none'
        when c.phase_transfer_final_date <= c.phase_transfer_due_date then 'on_time'
        else 'late'
    end as phase_final,
    yes_no_key(c.pb) as budget,
    c.oa is true as has_arrangements,
    coalesce(k.code, if(c.dp is null, null, 'none')) as payments,
    p.placementdetail_id is null as is_unplaced,
    p.res,
    p.wbp,
    p.sen_unit_indicator is true as in_unit,
    p.resourced_provision_indicator is true as in_resourced,
    if(p.sen_setting in ('NEET', 'NIEC', 'NIEO'), p.sen_setting, null) as not_in_education,
    case
        when p.attendance_pattern is null then 'none'
        when upper(trim(p.attendance_pattern)) in ('FT', 'PT') then upper(trim(p.attendance_pattern))
        else 'other'
    end as attendance
from caseload as c
left join caseload_placement as p on c.namedplan_id = p.namedplan_id
left join code as k on k.code_set = 'CS112' and c.dp = k.code
