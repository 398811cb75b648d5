-- One row a person and characteristic: the person's category; of the characteristic `group` one row a group.
with one_each as (
    unpivot (select cast(person_id as bigint) as person_id, * exclude (person_id) from profile)
    on columns(* exclude (person_id))
    into name characteristic value category
)

select person_id, characteristic, category from one_each
union all
select person_id, 'group' as characteristic, sen2_group as category from person_group
order by all
