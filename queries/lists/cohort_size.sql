-- One row: the people of the cohort, and all people of the return.
select
    cast((select count(*) from cohort_person($cohort_characteristics, $cohort_categories)) as bigint) as n,
    cast((select count(*) from person) as bigint) as n_all
