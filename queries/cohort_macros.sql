-- Who is in a cohort, and which members of an indicator. These macros read views/indicators and are created after them.

-- Whether a category passes the filter of its characteristic: either nothing or this category is chosen. `chosen` names
-- the characteristics, `choices` holds the categories as 'need=ASD'.
create or replace macro is_chosen(chosen, choices, characteristic, category) as
not list_contains(chosen, characteristic) or list_contains(choices, characteristic || '=' || category);

-- One row per person of a cohort, as in profile. Empty lists choose everyone.
create or replace macro cohort_person(chosen, choices) as table
    select *
    from profile
    where
        is_chosen(chosen, choices, 'stage', stage)
        and is_chosen(chosen, choices, 'age_group', age_group)
        and is_chosen(chosen, choices, 'age', age)
        and is_chosen(chosen, choices, 'year', year)
        and is_chosen(chosen, choices, 'phase', phase)
        and is_chosen(chosen, choices, 'sex', sex)
        and is_chosen(chosen, choices, 'ethnic_group', ethnic_group)
        and is_chosen(chosen, choices, 'ethnicity', ethnicity)
        and is_chosen(chosen, choices, 'need', need)
        and is_chosen(chosen, choices, 'need2', need2)
        and is_chosen(chosen, choices, 'school_type', school_type)
        and is_chosen(chosen, choices, 'place_group', place_group)
        and is_chosen(chosen, choices, 'place', place)
        and is_chosen(chosen, choices, 'location', location)
        and is_chosen(chosen, choices, 'unit', unit)
        and is_chosen(chosen, choices, 'resourced', resourced)
        and is_chosen(chosen, choices, 'residential', residential)
        and is_chosen(chosen, choices, 'budget', budget)
        and is_chosen(chosen, choices, 'source', source)
        and is_chosen(chosen, choices, 'census_match', census_match)
        and is_chosen(chosen, choices, 'census_year', census_year)
        and is_chosen(chosen, choices, 'census_phase', census_phase)
        and is_chosen(chosen, choices, 'fsm', fsm)
        and is_chosen(chosen, choices, 'language', language)
        and is_chosen(chosen, choices, 'census_ethnic_group', census_ethnic_group)
        and is_chosen(chosen, choices, 'census_sen', census_sen)
        and is_chosen(chosen, choices, 'young_carer', young_carer)
        and is_chosen(chosen, choices, 'previously_looked_after', previously_looked_after)
        and is_chosen(chosen, choices, 'service_child', service_child)
        and is_chosen(chosen, choices, 'census_unit', census_unit)
        and is_chosen(chosen, choices, 'census_resourced', census_resourced)
        and is_chosen(chosen, choices, 'census_location', census_location)
        and (
            not list_contains(chosen, 'group')
            or list_has_any(list_transform(sen2_groups, lambda each: 'group=' || each), choices)
        );

-- The category of a row of profile in a characteristic. For `group`, it is in sen2_group.
create or replace macro category_of(characteristic, person, sen2_group) as
case characteristic
    when 'stage' then person.stage
    when 'age_group' then person.age_group
    when 'age' then person.age
    when 'year' then person.year
    when 'phase' then person.phase
    when 'sex' then person.sex
    when 'ethnic_group' then person.ethnic_group
    when 'ethnicity' then person.ethnicity
    when 'need' then person.need
    when 'need2' then person.need2
    when 'school_type' then person.school_type
    when 'place_group' then person.place_group
    when 'place' then person.place
    when 'location' then person.location
    when 'unit' then person.unit
    when 'resourced' then person.resourced
    when 'residential' then person.residential
    when 'budget' then person.budget
    when 'source' then person.source
    when 'census_match' then person.census_match
    when 'census_year' then person.census_year
    when 'census_phase' then person.census_phase
    when 'fsm' then person.fsm
    when 'language' then person.language
    when 'census_ethnic_group' then person.census_ethnic_group
    when 'census_sen' then person.census_sen
    when 'young_carer' then person.young_carer
    when 'previously_looked_after' then person.previously_looked_after
    when 'service_child' then person.service_child
    when 'census_unit' then person.census_unit
    when 'census_resourced' then person.census_resourced
    when 'census_location' then person.census_location
    when 'group' then sen2_group
end;

-- One row per person of a cohort with the categories in up to two characteristics (NULL: not asked for). If `group` is
-- asked for, a person in several SEN2 groups has a row for each.
create or replace macro placed_person(characteristic_1, characteristic_2, chosen, choices) as table
    with grouped as (
        select
            *,
            unnest(if('group' in (characteristic_1, characteristic_2), sen2_groups, ['all'])) as sen2_group
        from cohort_person(chosen, choices)
    )

    select
        person_id,
        category_of(characteristic_1, grouped, sen2_group) as category_1,
        category_of(characteristic_2, grouped, sen2_group) as category_2
    from grouped;

-- One row per member of an indicator that is in a cohort, with the person's categories, except that age is taken at the
-- indicator's own date.
create or replace macro placed_member(id, characteristic_1, characteristic_2, chosen, choices) as table
    select
        m.*,
        member_category(characteristic_1, m.age, p.category_1) as category_1,
        member_category(characteristic_2, m.age, p.category_2) as category_2
    from member as m
    inner join placed_person(characteristic_1, characteristic_2, chosen, choices) as p on m.person_id = p.person_id
    where m.indicator_id = id;
