/*---
id: P06
severity: query
affects: figures
title: Aged 25 or over at the start of the academic year
message: >-
  The person was 25 or older on 31 August before census day and has a request without a plan, or a plan that has not
  ceased.
guidance: >
  A plan can be maintained until the end of the academic year in which the person turns 25, so someone who was 25 when
  the academic year began should have no open request and no open plan. Check the date of birth, and enter the date on
  which the plan ceased. You can leave it if the request was refused or withdrawn, so that nothing is open, or if an
  appeal keeps the plan open: say so in a note.
module: person
table: person
fields: [PersonBirthDate]
years: [2023, null]
source: DfE specification 2025, 2.4.1
---*/
-- Without a plan the cease date is blank too, so one condition covers both kinds of request.
select
    person_id,
    'person' as table_name,
    row_id,
    'PersonBirthDate' as field,
    person_birth_date_text as value,
    'aged ' || age_at(person_birth_date, $august_31) || ' on ' || uk_date($august_31) as detail
from person
where
    age_at(person_birth_date, $august_31) >= 25
    and row_id in (
        select j.person_id
        from request_journey as j
        where j.cease_date_text is null or j.cease_date > $census_date
    )
order by all
