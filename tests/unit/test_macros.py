"""Every term of queries/macros.sql at its boundaries: one SQL expression and its expected value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from sen2dash.config import QUERIES, Settings
from sen2dash.store.database import Store

CASES: dict[str, list[tuple[str, object]]] = {
    "age_at": [
        ("age_at(date '2015-01-16', date '2025-01-15')", 9),
        ("age_at(date '2015-01-16', date '2025-01-16')", 10),
        ("age_at(date '2012-02-29', date '2023-02-28')", 10),
        ("age_at(date '2012-02-29', date '2023-03-01')", 11),
        ("age_at(date '2012-02-29', date '2024-02-28')", 11),
        ("age_at(date '2012-02-29', date '2024-02-29')", 12),
        ("age_at(cast(null as date), date '2025-01-16')", None),
    ],
    "is_open_case": [
        ("is_open_case('A', null, null, null, null)", True),
        ("is_open_case('A', 1, null, null, null)", False),
        ("is_open_case('Y', 1, 'A', '2024-05-01', 1)", True),
        ("is_open_case('Y', 1, 'Y', null, null)", True),
        ("is_open_case('Y', 1, 'Y', null, 1)", False),
        ("is_open_case('Y', 1, 'Y', '2024-05-01', null)", False),
        ("is_open_case('N', null, null, null, null)", False),
        ("is_open_case(null, null, null, null, null)", False),
    ],
    "finding_group": [
        ("finding_group(null, 'header', 1)", ""),
        ("finding_group(null, null, null)", ""),
        ("finding_group(7, 'requests', 3)", "requests"),
        ("finding_group(7, 'requests', null)", "person"),
    ],
    "finding_row": [
        ("finding_row(null, 1)", 0),
        ("finding_row(null, null)", 0),
        ("finding_row(7, 3)", 3),
        ("finding_row(7, null)", 7),
    ],
    "uk_date": [
        ("uk_date(date '0001-01-01')", "01/01/0001"),
        ("uk_date(date '0999-02-03')", "03/02/0999"),
        ("uk_date(date '2024-12-31')", "31/12/2024"),
        ("uk_date(date '9999-12-31')", "31/12/9999"),
        ("uk_date(timestamp '2025-02-01 12:30:00')", "01/02/2025"),
        ("uk_date(cast(null as date))", None),
        ("uk_date(null)", None),
    ],
    "days_after": [
        ("days_after(date '2023-12-31', 60)", date(2024, 2, 29)),
        ("days_after(date '9999-08-13', 140)", date(9999, 12, 31)),
        ("days_after(date '9999-08-14', 140)", date(9999, 12, 31)),
        ("days_after(cast(null as date), 140)", None),
    ],
    "is_active_at": [
        ("is_active_at(date '2025-01-16', null, null, date '2025-01-16')", True),
        ("is_active_at(date '2025-01-17', null, null, date '2025-01-16')", False),
        ("is_active_at(date '2020-01-01', date '2025-01-16', '2025-01-16', date '2025-01-16')", False),
        ("is_active_at(date '2020-01-01', date '2025-01-17', '2025-01-17', date '2025-01-16')", True),
        ("is_active_at(date '2020-01-01', null, 'soon', date '2025-01-16')", False),
        ("is_active_at(null, null, null, date '2025-01-16')", False),
    ],
    "has_ceased_by": [
        ("has_ceased_by(date '2025-01-16', date '2025-01-16')", True),
        ("has_ceased_by(date '2025-01-17', date '2025-01-16')", False),
        ("has_ceased_by(null, date '2025-01-16')", False),
    ],
    "is_open_at": [
        ("is_open_at(date '2025-01-16', null, null, date '2025-01-16')", True),
        ("is_open_at(date '2025-01-17', null, null, date '2025-01-16')", False),
        ("is_open_at(date '2024-09-01', date '2025-01-16', '2025-01-16', date '2025-01-16')", True),
        ("is_open_at(date '2024-09-01', date '2025-01-15', '2025-01-15', date '2025-01-16')", False),
        ("is_open_at(date '2024-09-01', null, '2025-13-01', date '2025-01-16')", False),
    ],
    "is_within": [
        ("is_within(date '2024-01-01', date '2024-01-01', date '2024-12-31')", True),
        ("is_within(date '2024-12-31', date '2024-01-01', date '2024-12-31')", True),
        ("is_within(date '2023-12-31', date '2024-01-01', date '2024-12-31')", False),
        ("is_within(date '2025-01-01', date '2024-01-01', date '2024-12-31')", False),
        ("is_within(null, date '2024-01-01', date '2024-12-31')", False),
    ],
    "issued_on": [
        ("cast(issued_on('Y', date '2024-05-01', '2024-05-01', date '2024-05-09') as varchar)", "2024-05-01"),
        ("cast(issued_on('Y', null, null, date '2024-05-09') as varchar)", "2024-05-09"),
        ("issued_on('Y', null, '2024-02-30', date '2024-05-09')", None),
        ("issued_on('N', date '2024-05-01', '2024-05-01', date '2024-05-09')", None),
        ("issued_on(null, date '2024-05-01', '2024-05-01', date '2024-05-09')", None),
    ],
    "is_undecided": [
        ("is_undecided('A')", True),
        ("is_undecided('Y')", False),
        ("is_undecided(null)", False),
    ],
    "awaits_end": [
        ("awaits_end('A', '2024-05-01', 7)", True),
        ("awaits_end('Y', null, null)", True),
        ("awaits_end('Y', 'soon', null)", False),
        ("awaits_end('Y', null, 7)", False),
        ("awaits_end('N', null, null)", False),
        ("awaits_end(null, null, null)", False),
    ],
    "next_31_july": [
        ("cast(next_31_july(date '2024-07-31') as varchar)", "2024-07-31"),
        ("cast(next_31_july(date '2024-08-01') as varchar)", "2025-07-31"),
    ],
    "next_31_august": [
        ("cast(next_31_august(date '2024-08-31') as varchar)", "2024-08-31"),
        ("cast(next_31_august(date '2024-09-01') as varchar)", "2025-08-31"),
    ],
    "birthday_at": [
        ("cast(birthday_at(date '2008-02-29', 16) as varchar)", "2024-02-29"),
        ("cast(birthday_at(date '2008-02-29', 15) as varchar)", "2023-03-01"),
        ("cast(birthday_at(date '2008-12-31', 16) as varchar)", "2024-12-31"),
    ],
    "year_before": [
        ("cast(year_before(date '2025-01-16') as varchar)", "2024-01-16"),
        ("cast(year_before(date '2024-02-29') as varchar)", "2023-02-28"),
    ],
    "days_from": [
        ("days_from(date '2024-01-01', date '2024-05-20')", 140),
        ("days_from(date '2024-05-20', date '2024-01-01')", -140),
        ("days_from(null, date '2024-01-01')", None),
    ],
    # Folding names is tested in test_folding: here no return is loaded.
    "folded": [("folded('Zoë')", None), ("folded(null)", None)],
    "squashed": [
        ("squashed('  SEN\u2003Unit ')", "senunit"),
        ("squashed('ZOË\u0085')", "zoë"),
        ("squashed(' \u00a0')", None),
    ],
    "share_a_day": [
        ("share_a_day(date '2024-01-01', date '2024-02-01', 'x', date '2024-02-01', null, null)", False),
        ("share_a_day(date '2024-01-01', date '2024-02-02', 'x', date '2024-02-01', null, null)", True),
        ("share_a_day(date '2024-01-01', null, null, date '2030-01-01', null, null)", True),
        ("share_a_day(date '2024-01-01', null, 'bad', date '2024-01-01', null, null)", False),
        ("share_a_day(null, null, null, date '2024-01-01', null, null)", False),
        ("share_a_day(date '2024-01-01', date '2024-01-01', 'x', date '2023-01-01', null, null)", False),
    ],
    "serial_number": [
        ("serial_number('001')", 1),
        ("serial_number('999')", 999),
        ("serial_number('000')", 0),
        ("serial_number('1000')", None),
        ("serial_number('-1')", None),
        ("serial_number(null)", None),
    ],
    "has_upn_form": [
        ("has_upn_form('H333123424001')", True),
        ("has_upn_form('U33312342400A')", True),
        ("has_upn_form('X1234567898765')", False),
        ("has_upn_form('I333123424001')", False),
        ("has_upn_form('H33312342400O')", False),
        ("has_upn_form('h333123424001')", False),
    ],
    "upn_check_letter": [
        (f"upn_check_letter('{upn}')", letter)
        for upn, letter in {
            "B801200005001": "B",
            "H333123424001": "H",
            "U33312342400A": "U",
            "A950000178301": "A",
            "R247962919251": "Q",
            "X428558133462": "W",
            "X1234567898765": None,
        }.items()
    ],
    "has_uln_form": [
        ("has_uln_form('9276308686')", True),
        ("has_uln_form('0276308686')", False),
        ("has_uln_form('927630868')", False),
    ],
    "is_dummy_uln": [("is_dummy_uln('9999999999')", True), ("is_dummy_uln('9276308686')", False)],
    "uln_check_digit": [
        ("uln_check_digit('9276308686')", "6"),
        ("uln_check_digit('1000000019')", "9"),
        ("uln_check_digit('1234567890')", "9"),
        # 6 x 2 + 1 x 10 = 22: the remainder is 0, which is never issued.
        ("uln_check_digit('1000000060')", "X"),
        ("(select uln_check_digit(uln) from (values ('123')) as given(uln))", None),
    ],
    "has_postcode_form": [
        *(
            (f"has_postcode_form('{code}')", True)
            for code in (
                "AA11AA",
                "AA1 1AA",
                "SW1A 1AA",
                "M1 1AE",
                "B33 8TH",
                "CR2 6XH",
                "DN55 1PT",
                "W1A 0AX",
                "EC1A 1BB",
            )
        ),
        ("has_postcode_form('gir0aa')", True),
        *((f"has_postcode_form('{code}')", False) for code in ("QQ1 1AA", "SW1A1A", "ZZ99 3VZ", "B33  8TH")),
    ],
    "some_of": [
        ("some_of([1])", "1"),
        ("some_of([1, 4, 7])", "1, 4, 7"),
        ("some_of([1, 4, 7, 8, 9])", "1, 4, 7 and 2 more"),
    ],
    "is_state_funded": [
        ("is_state_funded('2')", True),
        ("is_state_funded('28')", True),
        ("is_state_funded('11')", False),
        ("is_state_funded(null)", False),
        ("is_state_funded('007')", True),
        (
            "list_transform(list_filter(range(100), lambda code: is_state_funded(code::varchar)), lambda code: code::int)",
            [1, 2, 3, 5, 6, 7, 12, 14, 15, 18, 28, 31, 33, 34, 35, 36, *range(38, 47)],
        ),
    ],
    "names_column": [
        ("names_column('urn close_date', 'urn')", True),
        ("names_column('close_date', 'date')", False),
        ("names_column(null, 'urn')", False),
    ],
    "age_key": [("age_key(null)", "none"), ("age_key(-1)", "0"), ("age_key(25)", "25"), ("age_key(30)", "26")],
    "age_group_key": [
        (f"age_group_key({age})", key)
        for age, key in {
            "4": "u5",
            "5": "5_10",
            "10": "5_10",
            "11": "11_15",
            "15": "11_15",
            "16": "16_19",
            "19": "16_19",
            "20": "20_25",
            "25": "20_25",
            "26": "26",
            "null": "none",
        }.items()
    ],
    "curriculum_year_key": [
        ("curriculum_year_key(3)", "early"),
        ("curriculum_year_key(4)", "0"),
        ("curriculum_year_key(10)", "6"),
        ("curriculum_year_key(15)", "11"),
        ("curriculum_year_key(25)", "15"),
        ("curriculum_year_key(null)", "none"),
    ],
    "school_type_key": [
        (f"school_type_key({place}, {group})", key)
        for place, group, key in (
            ("'mainstream_academy'", "'mainstream'", "mainstream"),
            ("'special_la_maintained'", "'special'", "special"),
            ("'ap_pru_academy'", "'ap_pru'", "ap_pru"),
            ("'general_fe_tertiary_colleges'", "'fe'", "fe"),
            ("'neet_ntci'", "'elsewhere'", "neet"),
            ("'neet_other'", "'elsewhere'", "neet"),
            ("'elective_home_education'", "'elsewhere'", "other"),
            ("'nm_early_years'", "'early_years'", "other"),
            ("'not_known'", "'not_known'", "none"),
            ("null", "null", "none"),
        )
    ],
    "phase_key": [
        (f"phase_key({age})", key)
        for age, key in {
            "3": "early",
            "4": "primary",
            "10": "primary",
            "11": "secondary",
            "15": "secondary",
            "16": "post_16",
            "18": "post_16",
            "19": "post_19",
            "null": "none",
        }.items()
    ],
    "yes_no_key": [("yes_no_key(true)", "yes"), ("yes_no_key(false)", "no"), ("yes_no_key(null)", "none")],
    "challenge_of": [
        ("challenge_of(true, true)", "both"),
        ("challenge_of(true, false)", "mediation"),
        ("challenge_of(true, null)", "mediation"),
        ("challenge_of(null, true)", "tribunal"),
        ("challenge_of(false, true)", "tribunal"),
        ("challenge_of(false, null)", None),
    ],
    "establishment_key": [
        ("establishment_key('100001', '10000001', 'OTH')", "URN 100001"),
        ("establishment_key(null, '10000001', 'OTH')", "UKPRN 10000001"),
        ("establishment_key(null, null, 'OTH')", "SENsetting OTH"),
        ("establishment_key(null, null, null)", None),
    ],
    "real_date": [
        ("real_date('2024-02-29')", date(2024, 2, 29)),
        ("real_date('2023-02-29')", None),
        ("real_date('2024-2-9')", None),
        ("real_date('2024/02/29')", None),
        ("real_date('2024-02-29T00:00:00')", None),
        ("real_date(null)", None),
    ],
    "is_with_midnight": [
        ("is_with_midnight('2024-02-29T00:00:00', '2024-02-29')", True),
        ("is_with_midnight('2024-02-29 00:00', '2024-02-29')", True),
        ("is_with_midnight('2024-02-29T00:00:00.000Z', '2024-02-29')", True),
        ("is_with_midnight('2024-02-29T00:00:01', '2024-02-29')", False),
        ("is_with_midnight('2024-02-29', '2024-02-29')", False),
        ("is_with_midnight('2024-03-01T00:00:00', '2024-02-29')", False),
    ],
    "is_of_absence_age": [
        ("is_of_absence_age(date '2018-08-31', 2023)", True),
        ("is_of_absence_age(date '2018-09-01', 2023)", False),
        ("is_of_absence_age(date '2007-09-01', 2023)", True),
        ("is_of_absence_age(date '2007-08-31', 2023)", False),
        ("is_of_absence_age(cast(null as date), 2023)", None),
    ],
    "makes_school_census": [
        ("makes_school_census('01')", True),
        ("makes_school_census(8)", True),
        ("makes_school_census(10)", False),
        ("makes_school_census('18')", False),
        ("makes_school_census(null)", None),
        ("makes_school_census('n/a')", None),
    ],
    "member_category": [
        ("member_category('age', 9, 'M')", "9"),
        ("member_category('age_group', 9, 'M')", "5_10"),
        ("member_category('sex', 9, 'M')", "M"),
    ],
}


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    made = Store(Settings())
    yield made
    made.close()


@pytest.mark.parametrize(("expression", "expected"), [case for cases in CASES.values() for case in cases])
def test_term(store: Store, expression: str, expected: object) -> None:
    assert store.value(f"select {expression} as answer") == expected


def test_every_term_has_cases() -> None:
    text = (QUERIES / "macros.sql").read_text(encoding="utf-8")
    assert set(re.findall(r"create or replace macro (\w+)", text)) == set(CASES)
