-- One row per open school of the authority in the register that makes a school census. Run on the return.
select distinct urn from establishment
where
    la_code = $lea
    and close_date is null
    and urn is not null
    and makes_school_census(type_code)
