-- What identifies a finding, in one return and in the next. This macro reads tables of the store.

-- One row per finding of some rules (NULL: all), or of one person, as in finding, with what identifies it and its mark.
-- A finding is known by its rule, its row (met_table, met_row) and item; place: the k-th of several. Two returns are
-- compared in the same way (queries/compare/finding_fate.sql). finding_id: its number in this store only.
create or replace macro finding_with_mark(rules, person := null) as table
    with numbered as (
        select
            *,
            rowid as finding_id,
            finding_group(person_id, table_name, row_id) as met_table,
            finding_row(person_id, row_id) as met_row,
            coalesce(field, '') as item,
            row_number() over (
                partition by rule_id, met_table, met_row, item order by value, detail, row_id
            ) as place
        from finding
        where (rules is null or list_contains(rules, rule_id)) and (person is null or person_id = person)
    )

    select
        n.*,
        m.mark
    from numbered as n
    left join finding_mark as m
        on
            n.rule_id = m.rule_id and n.met_table = m.met_table and n.met_row = m.met_row and n.item = m.item
            and n.place = m.place;
