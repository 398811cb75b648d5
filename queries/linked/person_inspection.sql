-- One row per person of the caseload with a current placement: the category of the inspection outcome of the place.
with latest as (
    select * from raw_inspection
    qualify row_number() over (partition by kind, number order by read_no desc) = 1
),

placed as (
    select
        p.person_id,
        p.urn,
        p.ukprn,
        p.register_urn,
        p.sen_setting,
        p.type_code,
        lower(trim(p.inspectorate)) as inspectorate,
        coalesce(s.read_no, i.read_no) as school_no,
        r.read_no as report_no,
        f.read_no as provider_no
    from linked_person as p
    left join latest as s on s.kind = 'schools' and p.urn = s.number
    left join latest as i on i.kind = 'independent' and p.urn = i.number
    left join latest as r
        on r.kind = 'fe_reports' and coalesce(p.ukprn, p.register_ukprn) = r.number
    left join latest as f
        on f.kind = 'fe_providers' and coalesce(p.ukprn, p.register_ukprn) = f.number
    where p.is_caseload and p.has_current
),

found as (
    select
        p.*,
        coalesce(p.school_no, p.report_no) as card_no,
        coalesce(p.school_no, p.provider_no) as grade_no
    from placed as p
),

judged as (
    select
        p.person_id,
        p.urn,
        p.ukprn,
        p.register_urn,
        p.card_no,
        c.concern as card_concern,
        g.concern as grade_concern,
        c.is_card_of_other,
        g.is_grade_of_other,
        c.carded_on,
        g.graded_on,
        nullif(g.judgements, '') as judgements,
        concat_ws(', ', c.ungraded, strftime(c.ungraded_on, '%d/%m/%Y')) as ungraded,
        if(c.is_ungraded_of_other, null, c.ungraded_on) as ungraded_on,
        case
            when c.is_unsafe then 'rc_safeguarding'
            when c.lowest is not null
                then (['rc_exceptional', 'rc_strong', 'rc_expected', 'rc_attention', 'rc_urgent'])[c.lowest]
            when g.grade is not null then 'oeif_' || g.grade
            when g.graded_on is not null then 'oeif_none'
            when c.iss = 'met' then 'iss_met'
            when c.iss = 'not met' then 'iss_not_met'
            when p.card_no is not null or p.grade_no is not null then 'not_inspected'
            when p.urn is null and p.ukprn is null
                then
                    if(
                        p.sen_setting in ('OLA', 'OPA', 'EHE', 'NEET', 'NIEC', 'NIEO', 'OTH'),
                        'no_inspection',
                        'not_known'
                    )
            when p.inspectorate not in ('', 'ofsted', 'not applicable') or p.type_code in (24, 57)
                then 'other_inspectorate'
            when p.type_code in (25, 26, 27, 29, 30, 37, 49, 56) then 'no_inspection'
            else 'not_known'
        end as category
    from found as p
    left join raw_inspection as c on p.card_no = c.read_no
    left join raw_inspection as g on p.grade_no = g.read_no
),

dated as (
    select
        *,
        case
            when starts_with(category, 'rc_') then carded_on
            when starts_with(category, 'oeif_') then graded_on
            when starts_with(category, 'iss_') then coalesce(carded_on, graded_on)
        end as inspected_on
    from judged
)

select
    person_id,
    urn,
    ukprn,
    register_urn,
    coalesce('URN ' || urn, 'UKPRN ' || ukprn) as establishment,
    category,
    card_no,
    coalesce(card_concern, grade_concern) as concern,
    if(category = 'oeif_none', judgements, null) as judgements,
    if(ungraded_on > inspected_on, ungraded, null) as ungraded,
    inspected_on,
    coalesce(
        case
            when starts_with(category, 'rc_') then is_card_of_other
            when starts_with(category, 'oeif_') then is_grade_of_other
        end,
        false
    ) as is_predecessor
from dated
