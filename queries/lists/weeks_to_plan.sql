-- One row per indicator whose members in the cohort are plans: how many, how many have a time, and their mean weeks.
-- A plan with a date received after the decision counts like one without a date received.
select
    m.indicator_id,
    count(*) as n_plans,
    count(*) filter (where a.days_to_decide >= 0) as n_timed,
    avg(a.days_to_decide) filter (where a.days_to_decide >= 0) / 7 as weeks
from member as m
inner join assessment_completed as a on m.row_id = a.assessment_id and m.table_name = 'assessment'
where
    list_contains($indicator_ids, m.indicator_id)
    and m.person_id in (select person_id from cohort_person($cohort_characteristics, $cohort_categories))
group by m.indicator_id
