-- One row per person of the cohort in one of some teams. $teams: their names, '' for no team; NULL: in any team or
-- none.
select p.person_id
from cohort_person($cohort_characteristics, $cohort_categories) as p
left join person_team as t on p.person_id = t.person_id
where $teams is null or list_contains($teams, coalesce(t.work_group, ''))
order by p.person_id
