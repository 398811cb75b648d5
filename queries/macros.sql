-- The terms that rules, views and indicators share, each in one place. A blank or invalid side gives NULL or false.
-- noqa: disable=LT02

-- Completed years; a birthday on 29 February falls on 1 March in common years.
create or replace macro age_at(birth, day) as
    year(day) - year(birth) - if((month(day), day(day)) < (month(birth), day(birth)), 1, 0);

-- Whether absence of an academic year is collected: ages 5 to 15 on the 31 August with which the year begins.
create or replace macro is_of_absence_age(birth, academic_year) as
    age_at(birth, make_date(cast(academic_year as integer), 8, 31)) between 5 and 15;

-- A plan is active when it has started and has not ceased: a cease date on the day itself means ceased.
create or replace macro is_active_at(start_date, cease_date, cease_date_text, day) as
    coalesce(start_date <= day and (cease_date_text is null or cease_date > day), false);

-- Ceased by a day: on it or before it.
create or replace macro has_ceased_by(cease_date, day) as coalesce(cease_date <= day, false);

-- A placement is open from its entry date to its leaving date, that day included.
create or replace macro is_open_at(entry_date, leaving_date, leaving_date_text, day) as
    coalesce(entry_date <= day and (leaving_date_text is null or leaving_date >= day), false);

-- In the collection year (or any period): both ends included.
create or replace macro is_within(day, first_day, last_day) as coalesce(day between first_day and last_day, false);

-- The date on which a plan was issued, for outcome Y: the outcome date or, if that is blank, the start date.
create or replace macro issued_on(outcome, outcome_date, outcome_date_text, start_date) as
    case when outcome = 'Y' then case when outcome_date_text is null then start_date else outcome_date end end;

-- The outcome of a request or an assessment says that its decision is yet to be made.
create or replace macro is_undecided(outcome) as coalesce(outcome = 'A', false);

-- An assessment is not finished: it is not yet decided, or will lead to a plan that has neither a date nor a group.
create or replace macro awaits_end(outcome, outcome_date_text, namedplan_id) as
    is_undecided(outcome) or coalesce(outcome = 'Y' and outcome_date_text is null and namedplan_id is null, false);

-- A case awaits a decision: the end of an assessment or, without an assessment, whether to assess.
create or replace macro is_open_case(
    request_outcome, assessment_id, assessment_outcome, assessment_outcome_date_text, namedplan_id
) as
    awaits_end(assessment_outcome, assessment_outcome_date_text, namedplan_id)
    or (assessment_id is null and is_undecided(request_outcome));

-- The first 31 July, or 31 August, on or after a day.
create or replace macro next_31_july(day) as make_date(year(day) + if(month(day) > 7, 1, 0), 7, 31);
create or replace macro next_31_august(day) as make_date(year(day) + if(month(day) > 8, 1, 0), 8, 31);

-- The birthday on which an age is reached; for 29 February, 1 March in common years.
create or replace macro birthday_at(birth, age) as
    if(
        month(birth) = 2 and day(birth) = 29,
        make_date(year(birth) + age, 2, 28) + 1,
        make_date(year(birth) + age, month(birth), day(birth))
    );

-- The same day of the year before; for 29 February, 28 February.
create or replace macro year_before(day) as cast(day - interval 1 year as date);

-- Days from one date to another, signed.
create or replace macro days_from(first_day, last_day) as date_diff('day', first_day, last_day);

-- A number of days after a date, at most the last day of the calendar: later dates are valid only inside the database.
create or replace macro days_after(first_day, n_days) as
    if(first_day is null, null, least(cast(first_day + cast(n_days as integer) as date), date '9999-12-31'));

-- A date for people: dd/mm/yyyy, the year with four digits. A time of day is left out.
create or replace macro uk_date(day) as strftime(cast(day as date), '%d/%m/%Y');

-- The folded form of every name of the two returns: filled when they are loaded.
create table if not exists folded_name (name varchar, folded varchar);

-- A name for comparing: accents, capitals, spaces and punctuation are ignored; NULL if nothing is left.
create or replace macro folded(text) as (select f.folded from folded_name as f where f.name = text);

-- A text for comparing, without capitals and white space; NULL if nothing is left.
create or replace macro squashed(text) as
    nullif(regexp_replace(lower(text), '[\s\p{Z}\x{85}]+', '', 'g'), '');

-- Two periods share a day. A period runs from its first date to the day before its last, with no end if that is
-- blank. A period with a missing or bad first date, or a bad last date, overlaps nothing.
create or replace macro share_a_day(first_a, last_a, last_a_text, first_b, last_b, last_b_text) as
    coalesce(
        (last_a_text is null or (last_a is not null and last_a > first_a))
        and (last_b_text is null or (last_b is not null and last_b > first_b))
        and (last_b_text is null or first_a < last_b)
        and (last_a_text is null or first_b < last_a)
        and first_a is not null
        and first_b is not null,
        false
    );

-- The number of the file, NULL unless it is 1 to 3 digits.
create or replace macro serial_number(text) as
    try_cast(if(regexp_full_match(text, '[0-9]{1,3}'), text, null) as integer);

-- A UPN: letter, 11 digits, digit or letter; the letters are those of the alphabet of 23 (no I, O, S).
create or replace macro has_upn_form(upn) as
    regexp_full_match(upn, '[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]');

-- Multiply each of positions 2 to 13 by its position; the sum modulo 23 is the number of the letter. A letter in
-- position 13 counts as its number in the alphabet. NULL if the UPN has the wrong form.
create or replace macro upn_check_letter(upn) as
    case
        when has_upn_form(upn)
            then
                substr(
                    'ABCDEFGHJKLMNPQRTUVWXYZ',
                    cast(
                        list_dot_product(
                            cast(string_split(substr(upn, 2, 11), '') as integer[]),
                            [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
                        )
                        + 13 * if(
                            right(upn, 1) <= '9',
                            ascii(right(upn, 1)) - ascii('0'),
                            strpos('ABCDEFGHJKLMNPQRTUVWXYZ', right(upn, 1)) - 1
                        ) as integer
                    ) % 23 + 1,
                    1
                )
    end;

-- A ULN: 10 digits, the first not 0. 9999999999 is the dummy for "not known": it counts as no ULN.
create or replace macro has_uln_form(uln) as regexp_full_match(uln, '[1-9][0-9]{9}');
create or replace macro is_dummy_uln(uln) as uln = '9999999999';

-- Weights 10 to 2 on the first nine digits; 10 minus the sum modulo 11. A remainder of 0 is never issued: no digit is
-- right, so this returns X. NULL if the ULN has the wrong form.
create or replace macro uln_check_digit(uln) as
    case
        when has_uln_form(uln)
            then
                substr(
                    'X9876543210',
                    cast(
                        list_dot_product(
                            cast(string_split(left(uln, 9), '') as integer[]), [10, 9, 8, 7, 6, 5, 4, 3, 2]
                        ) as integer
                    ) % 11 + 1,
                    1
                )
    end;

-- A UK postcode, with or without one space, upper or lower case.
create or replace macro has_postcode_form(postcode) as
    regexp_full_match(
        upper(postcode),
        'GIR ?0AA|[A-PR-UWYZ]([0-9]{1,2}|[A-HK-Y][0-9][0-9ABEHMNPRV-Y]?|[0-9][A-HJKPS-UW]) ?[0-9][ABD-HJLNP-UW-Z]{2}'
    );

-- The first three of a list of person numbers in words, for the detail of a finding: '1, 4, 7 and 2 more'.
create or replace macro some_of(people) as
    array_to_string(people[:3], ', ') || if(len(people) > 3, ' and ' || (len(people) - 3) || ' more', '');

-- State-funded school or college, by its GIAS type: maintained schools, nurseries and PRUs (1, 2, 3, 5, 14, 15),
-- maintained special schools (7, 12), city technology colleges (6), academies and free schools (28, 33 to 36, 38 to
-- 46), further education and sixth form colleges and centres (18, 31). As in the DfE's statistics, non-maintained
-- special schools are not counted, nor are independent schools, special post-16 institutions, universities, secure
-- units and secure academies, and Welsh schools.
create or replace macro is_state_funded(type_code) as
    coalesce(
        try_cast(type_code as integer) in (
            1, 2, 3, 5, 14, 15, 7, 12, 6, 28, 33, 34, 35, 36, 38, 39, 40, 41, 42, 43, 44, 45, 46, 18, 31
        ),
        false
    );

-- Type of a school that makes a school census by pupil, by its GIAS type: state-funded schools, pupil referral units
-- and non-maintained special schools (8). NULL if the type is not known.
create or replace macro makes_school_census(type_code) as
    try_cast(type_code as integer) in (
        1, 2, 3, 5, 6, 7, 8, 12, 14, 15, 28, 33, 34, 35, 36, 38, 40, 41, 42, 43, 44
    );

-- Whether a list of columns separated by spaces (`unread` in the register) names this one.
create or replace macro names_column(names, column_name) as
    coalesce(list_contains(string_split(names, ' '), column_name), false);

-- Keys of the characteristics of `reference`: ages in single years to 26 (and over), age groups as published,
-- national curriculum years from the age on 31 August (4 is reception, under 4 early years), and phases.
create or replace macro age_key(age) as
    if(age is null, 'none', cast(least(greatest(age, 0), 26) as varchar));
create or replace macro age_group_key(age) as
    case
        when age < 5 then 'u5'
        when age <= 10 then '5_10'
        when age <= 15 then '11_15'
        when age <= 19 then '16_19'
        when age <= 25 then '20_25'
        when age > 25 then '26'
        else 'none'
    end;
create or replace macro curriculum_year_key(age) as
    case
        when age is null then 'none'
        when age < 4 then 'early'
        else cast(least(age - 4, 15) as varchar)
    end;
create or replace macro phase_key(age) as
    case
        when age < 4 then 'early'
        when age <= 10 then 'primary'
        when age <= 15 then 'secondary'
        when age <= 18 then 'post_16'
        when age > 18 then 'post_19'
        else 'none'
    end;
create or replace macro school_type_key(place, place_group) as
    case
        when place_group in ('mainstream', 'special', 'ap_pru', 'fe') then place_group
        when starts_with(place, 'neet') then 'neet'
        when place_group in ('elsewhere', 'early_years') then 'other'
        else 'none'
    end;
create or replace macro yes_no_key(answer) as case when answer then 'yes' when not answer then 'no' else 'none' end;

-- How a decision was challenged; NULL if it was not.
create or replace macro challenge_of(mediation, tribunal) as
    case when mediation and tribunal then 'both' when mediation then 'mediation' when tribunal then 'tribunal' end;

-- The category of a member of an indicator: age is taken at the indicator's date, everything else is the person's.
create or replace macro member_category(characteristic, age, category) as
    case characteristic when 'age' then age_key(age) when 'age_group' then age_group_key(age) else category end;

-- The establishment of a placement or plan, for comparing two returns: the first of URN, UKPRN and setting that is not
-- blank, and which of them it is; NULL if all are blank.
create or replace macro establishment_key(urn, ukprn, sen_setting) as
    coalesce('URN ' || urn, 'UKPRN ' || ukprn, 'SENsetting ' || sen_setting);

-- The date in a text in ccyy-mm-dd; NULL for any other text. DuckDB reads more forms, so the text must be the same when
-- the date is written back.
create or replace macro real_date(text) as
    if(length(text) = 10 and cast(try_cast(text as date) as varchar) = text, try_cast(text as date), null);

-- One text is another followed by the time of midnight.
create or replace macro is_with_midnight(longer, shorter) as
    starts_with(longer, shorter)
    and regexp_full_match(substr(longer, len(shorter) + 1), '[T ]00:00(:00(\.0+)?)?(Z|[+-]00:00)?');

-- What a finding is about when it is looked for again: a table, or nothing for the header and the whole return.
create or replace macro finding_group(person_id, table_name, row_id) as
    case when person_id is null then '' when row_id is null then 'person' else table_name end;

-- The row of that table; 0 for the header and the whole return.
create or replace macro finding_row(person_id, row_id) as if(person_id is null, 0, coalesce(row_id, person_id));
