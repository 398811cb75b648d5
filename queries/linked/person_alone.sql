-- One row per person, without a school census: the NC year from the date of birth.
select
    person_id,
    is_school_aged,
    nullif(curriculum_year_key(age), 'none') as nc_year,
    if(age is null, null, 'date_of_birth') as nc_year_source
from linked_person
