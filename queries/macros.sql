-- The terms that rules, views and measures share, each in one place. A blank or invalid side gives NULL or false.
-- noqa: disable=LT02

-- Completed years; a birthday on 29 February comes on 1 March in common years.
create or replace macro age_at(birth, day) as
    year(day) - year(birth) - if((month(day), day(day)) < (month(birth), day(birth)), 1, 0);

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

-- The date on which a plan was issued: the outcome date, or where that is blank the start date, of outcome Y.
create or replace macro issued_on(outcome, outcome_date, outcome_date_text, start_date) as
    case when outcome = 'Y' then case when outcome_date_text is null then start_date else outcome_date end end;

-- The first 31 July, or 31 August, on or after a day.
create or replace macro next_31_july(day) as make_date(year(day) + if(month(day) > 7, 1, 0), 7, 31);
create or replace macro next_31_august(day) as make_date(year(day) + if(month(day) > 8, 1, 0), 8, 31);

-- The birthday on which an age is reached; of 29 February 1 March in common years.
create or replace macro birthday_at(birth, age) as
    if(
        month(birth) = 2 and day(birth) = 29,
        make_date(year(birth) + age, 2, 28) + 1,
        make_date(year(birth) + age, month(birth), day(birth))
    );

-- The same day of the year before; of 29 February 28 February.
create or replace macro year_before(day) as cast(day - interval 1 year as date);

-- Days from one date to another, signed.
create or replace macro days_from(first_day, last_day) as date_diff('day', first_day, last_day);

-- A name for comparing: lower case, all white space taken out, blank as NULL.
create or replace macro squashed(text) as
    nullif(regexp_replace(lower(text), '[\s\p{Z}\x{85}]+', '', 'g'), '');

-- Two periods share a day. A period runs from its first date to the day before its last, without end where that is
-- blank; a missing or bad first date, or a bad last date, overlaps nothing.
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
