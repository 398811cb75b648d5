-- Who is in a cohort, and which members of a measure. They read the views of views/measures and are made behind them.

-- One row a person of a cohort: people with one of the chosen categories in each chosen characteristic. The two lists
-- go together, one pair a chosen category; empty lists choose everyone.
create or replace macro cohort_person(characteristics, categories) as table
    with chosen as (
        select
            unnest(cast(characteristics as varchar[])) as characteristic,
            unnest(cast(categories as varchar[])) as category
    ),

    met as (
        select t.person_id, count(distinct t.characteristic) as n_met
        from trait as t
        inner join chosen as c on t.characteristic = c.characteristic and t.category = c.category
        group by t.person_id
    )

    select row_id as person_id
    from person
    where len(characteristics) = 0
    union all
    select person_id
    from met
    where n_met = (select count(distinct characteristic) from chosen);

-- One row a member of a measure that is in a cohort, with its category in up to two characteristics (NULL: not asked
-- for). A person who is in several SEN2 groups gives several rows where `group` is asked for.
create or replace macro placed_member(id, characteristic_1, characteristic_2, characteristics, categories) as table
    select
        m.*,
        member_category(characteristic_1, m.age, a.category) as category_1,
        member_category(characteristic_2, m.age, b.category) as category_2
    from member as m
    left join trait as a on m.person_id = a.person_id and a.characteristic = characteristic_1
    left join trait as b on m.person_id = b.person_id and b.characteristic = characteristic_2
    where
        m.indicator_id = id
        and m.person_id in (select person_id from cohort_person(characteristics, categories));
