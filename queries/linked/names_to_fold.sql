-- One row per name of a pupil row that matches nobody exactly and has the date of birth of a person without an exact
-- match.
with waiting as (
    select birth_date from linked_person
    where
        not is_shared
        and surname is not null
        and forename is not null
        and person_id not in (select person_id from fit where step = 0)
),

open_row as (
    select
        surname,
        forename
    from pupil
    where
        pupil_id not in (select pupil_id from fit where step = 0)
        and dob in (select birth_date from waiting)
)

select surname as name from open_row
where surname is not null
union
select forename as name from open_row
where forename is not null
