-- One row per person whose names hold every search word, or whose number, UPN or ULN matches; see findings.find_people.
with sought as (
    select
        list_transform(
            list_zip($words, $folded_words),
            lambda w: struct_pack(text := nfc_normalize(lower(w[1])), folded := nullif(w[2], ''))
        ) as words
),

named as (
    select
        p.*,
        nfc_normalize(lower(translate(coalesce(p.surname, ''), $unseen, ''))) as last_name,
        nfc_normalize(lower(translate(coalesce(p.forename, ''), $unseen, ''))) as first_name,
        coalesce(folded(p.surname), '') as last_folded,
        coalesce(folded(p.forename), '') as first_folded,
        s.words
    from person as p
    cross join sought as s
    where len($births) = 0 or list_contains($births, p.person_birth_date_text)
),

found as (
    select
        *,
        coalesce(list_bool_or(list_transform(
            words,
            lambda w: cast(row_id as varchar) = w.text
            or starts_with(last_name, w.text) or starts_with(first_name, w.text)
            or coalesce(starts_with(last_folded, w.folded) or starts_with(first_folded, w.folded), false)
        )), false) as begins
    from named
    where len(list_filter(words, lambda w: not (
        cast(row_id as varchar) = w.text or contains(last_name, w.text) or contains(first_name, w.text)
        or coalesce(contains(last_folded, w.folded) or contains(first_folded, w.folded), false)
        or starts_with(lower(coalesce(upn, '')), w.text) or coalesce(unique_learner_number, '') = w.text
    ))) = 0
),

finds as (
    select
        person_id,
        count(*) as n
    from finding
    group by person_id
)

select
    f.row_id as person,
    f.surname,
    f.forename,
    f.person_birth_date_text as birth_date,
    f.upn,
    f.unique_learner_number as uln,
    cast(coalesce(finds.n, 0) as bigint) as n_findings,
    cast(count(*) over () as bigint) as total
from found as f
left join finds on f.row_id = finds.person_id
order by f.begins desc, f.row_id asc
limit $n_rows
