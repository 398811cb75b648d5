-- One row per caseload plan whose annual review was expected: it started before the collection year.
select
    person_id,
    requests_id,
    namedplan_id,
    review_meeting,
    last_review
from caseload
where start_date < $year_start
