"""The dates of one person: which are periods, which are days, the limits, and dates that make no sense."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from sen2dash.analysis import person
from sen2dash.analysis.person import ALL
from sen2dash.charts.pieces import Chart
from sen2dash.checks.cache import ReportCache
from sen2dash.checks.report import Report
from sen2dash.config import Settings
from tests import casebook

WHOLE: dict[str, str] = {
    "requests": """
        row_id | received_date | request_outcome_date | request_outcome
        1      | 2023-01-02    | 2023-02-14           | Y
        2      | 2024-10-01    |                      | A
    """,
    "assessment": """
        row_id | requests_id | assessment_outcome | assessment_outcome_date
        1      | 1           | Y                  | 2023-05-22
    """,
    "namedplan": """
        row_id | assessment_id | start_date
        1      | 1             | 2023-05-22
    """,
    "activeplans": """
        row_id | requests_id | review_meeting | last_review | review_outcome | phase_transfer_due_date
        1      | 1           | 2024-05-01     | 2024-05-20  | A              | 2025-02-15
    """,
    "placementdetail": """
        activeplans_id | urn    | placement_rank | entry_date | leaving_date
        1              | 123456 | 1              | 2020-09-01 | 2023-08-31
        1              |        | 2              | 2023-09-01 |
    """,
}
Make = Callable[[dict[str, str]], Report]


@pytest.fixture
def make() -> Iterator[Make]:
    """A function that makes the parts of a report that a timeline needs, from drawn tables."""
    made: list[Any] = []

    def make_report(given: dict[str, str]) -> Report:
        store = casebook.make_store({"given": given}, Settings(now=casebook.NOW))
        made.append(store)
        return cast(Report, SimpleNamespace(store=store, collection=store.collection, cache=ReportCache()))

    yield make_report
    for store in made:
        store.close()


def events(report: Report) -> list[tuple[str, str, date, date | None]]:
    return [(e.lane, e.what, e.day, e.until) for journey in person.journeys(report, 1) for e in journey.events]


def test_periods_and_days_in_the_order_of_the_way(make: Make) -> None:
    census = date(2025, 1, 16)
    assert events(make(WHOLE)) == [
        ("Request 1", "Decision to assess", date(2023, 1, 2), date(2023, 2, 14)),
        ("Assessment 1", "Decision to issue a plan", date(2023, 2, 14), date(2023, 5, 22)),
        ("Plan 1", "Plan", date(2023, 5, 22), census),
        ("Placement 1 a", "URN 123456, primary", date(2020, 9, 1), date(2023, 8, 31)),
        ("Placement 1 b", "Setting not given, secondary", date(2023, 9, 1), census),
        ("Review 1", "Review meeting", date(2024, 5, 1), None),
        ("Outcome told 1", "Outcome told: amend the plan", date(2024, 5, 20), None),
        ("Transfer due 1", "Phase transfer due", date(2025, 2, 15), None),
        ("Request 2", "Decision yet to be made", date(2024, 10, 1), census),
    ]


def test_the_last_request_comes_first_and_all_years_last(make: Make) -> None:
    report = make(WHOLE)
    assert person.choices(person.journeys(report, 1)) == {
        2: "Request 2, received 01/10/2024",
        1: "Request 1, received 02/01/2023",
        ALL: "All years",
    }


def test_a_historical_request_stands_behind_all_years(make: Make) -> None:
    report = make({**WHOLE, "requests": "received_date | request_outcome\n2019-01-02 | H"})
    report.cache.clear()
    assert list(person.choices(person.journeys(report, 1))) == [1, ALL]
    bare = make({"requests": "received_date | request_outcome\n2019-01-02 | H"})
    assert list(person.choices(person.journeys(bare, 1))) == [ALL, 1]


@pytest.mark.parametrize("days", [140, 139])
def test_limits_count_from_the_day_of_receipt(make: Make, days: int) -> None:
    report = make(WHOLE)
    report.store.settings = Settings(now=casebook.NOW, twenty_weeks_days=days)
    received = date(2023, 1, 2)
    assert [day - received for day, _ in person.limits(report, received)] == [
        timedelta(days=42),
        timedelta(days=112),
        timedelta(days=days),
    ]


@pytest.mark.parametrize(
    ("decided", "issued", "says"),
    [
        ("2023-02-13", "2023-05-22", ["42 days, within the limit of 42", "140 days, within the limit of 140"]),
        ("2023-02-14", "2023-05-23", ["43 days, past the limit of 42", "141 days, past the limit of 140"]),
    ],
)
def test_sentences_compare_with_the_limits(make: Make, decided: str, issued: str, says: list[str]) -> None:
    report = make(
        {
            "requests": f"received_date|request_outcome_date|request_outcome\n2023-01-02|{decided}|Y",
            "assessment": f"assessment_outcome|assessment_outcome_date\nY|{issued}",
        }
    )
    alt_text = person.draw(report, person.journeys(report, 1), 1).alt_text
    for part in says:
        assert part in alt_text


def test_a_refusal_after_assessment_has_its_own_limit(make: Make) -> None:
    report = make(
        {
            "requests": "received_date|request_outcome\n2023-01-02|Y",
            "assessment": "assessment_outcome|assessment_outcome_date\nN|2023-04-24",
        }
    )
    (sentence,) = person.sentences(report, person.journeys(report, 1)[0])
    assert sentence == "Request 1: decided not to issue a plan after 112 days, within the limit of 112."


def test_the_table_is_in_the_order_of_time(make: Make) -> None:
    report = make(WHOLE)
    rows = person.draw(report, person.journeys(report, 1), ALL).rows
    assert rows[0] == ("01/09/2020", "31/08/2023", "Placement 1 a: URN 123456, primary", "241")
    assert rows[1] == ("02/01/2023", "14/02/2023", "Request 1: Decision to assess", "43")
    assert ("22/05/2023", "still open", "Plan 1: Plan", "140") in rows
    assert len(rows) == len(events(report))


@pytest.mark.parametrize(
    "given",
    [
        {"requests": "received_date|request_outcome_date|request_outcome\n2024-05-02|2024-05-01|Y"},
        {"requests": "received_date|request_outcome\n9999-12-31|A"},
        {"requests": "received_date|request_outcome_date|request_outcome\n0001-01-01|9999-12-31|N"},
        {"requests": "received_date|request_outcome_date|request_outcome\nsoon|2024-05-01|N"},
        {"assessment": "assessment_outcome\nY", "namedplan": "start_date|cease_date\n2024-05-01|soon"},
        {"namedplan": "start_date|cease_date|cease_reason\n|2024-05-01|1"},
        {"placementdetail": "entry_date|sen_setting\n2030-01-01|EHE"},
    ],
    ids=["backwards", "last day", "all time", "bad date", "bad cease date", "no start", "after census day"],
)
def test_dates_that_make_no_sense_are_drawn_all_the_same(make: Make, given: dict[str, str]) -> None:
    report = make(given)
    found = person.journeys(report, 1)
    for choice in person.choices(found):
        chart = person.draw(report, found, choice)
        assert chart.rows
        assert chart.picture.to_dict()["height"] > 0


def domain(chart: Chart) -> tuple[date, date]:
    """The first and last day of a picture."""
    found = re.search(
        r"'domain': \['([0-9-]{10})T00:00:00', '([0-9-]{10})T", str(chart.picture.to_dict(validate=False))
    )
    assert found
    return date.fromisoformat(found[1]), date.fromisoformat(found[2])


@pytest.mark.parametrize(
    ("given", "choice", "between", "says"),
    [
        (
            {"requests": "received_date\n2023-01-02", "namedplan": "start_date|cease_date\n2023-05-22|9999-12-31"},
            ALL,
            ("2023-01-02", "2025-01-16"),
            "1 date lies outside this picture: 31/12/9999, Plan ceased.",
        ),
        (
            {
                "requests": "received_date|request_outcome_date|request_outcome\n2023-01-02|9999-12-31|Y",
                "placementdetail": "entry_date|leaving_date\n0001-01-01|0002-03-04",
            },
            ALL,
            ("2023-01-02", "2025-01-16"),
            "3 dates lie outside this picture: 01/01/0001, Placement begins; 04/03/0002, Placement ends; "
            "31/12/9999, Decision to assess.",
        ),
        (
            {"requests": "received_date|request_outcome_date|request_outcome\n2024-01-01|2029-01-05|Y"},
            1,
            ("2023-12-18", "2024-07-01"),
            "1 date lies outside this picture: 05/01/2029, Decision to assess.",
        ),
        (
            {"requests": "received_date|request_outcome_date|request_outcome\n2024-01-01|2029-01-04|Y"},
            1,
            ("2023-12-18", "2029-02-15"),
            "",
        ),
        ({"placementdetail": "entry_date\n1995-01-01"}, ALL, ("1995-01-01", "2025-01-16"), ""),
        (
            {"placementdetail": "entry_date\n1994-12-31"},
            ALL,
            ("2025-01-16", "2025-01-16"),
            "1 date lies outside this picture: 31/12/1994, Placement begins.",
        ),
        ({"placementdetail": "entry_date\n2030-12-31"}, ALL, ("2025-01-16", "2030-12-31"), ""),
        (
            {"placementdetail": "entry_date\n2031-01-01"},
            ALL,
            ("2025-01-16", "2025-01-16"),
            "1 date lies outside this picture: 01/01/2031, Setting not given, no rank.",
        ),
    ],
)
def test_a_picture_keeps_to_a_sensible_span_and_names_what_lies_outside(
    make: Make, given: dict[str, str], choice: int, between: tuple[str, str], says: str
) -> None:
    report = make(given)
    chart = person.draw(report, person.journeys(report, 1), choice)
    assert domain(chart) == tuple(map(date.fromisoformat, between))
    for words in (chart.subtitle, chart.alt_text):
        assert words.endswith(says) if says else "outside this picture" not in words


def test_of_many_dates_outside_a_picture_the_first_are_named(make: Make) -> None:
    rows = "".join(f"{n}|000{n}-01-01|999{n}-12-31\n" for n in range(1, 5))
    report = make({"placementdetail": f"row_id|entry_date|leaving_date\n{rows}"})
    words = person.draw(report, person.journeys(report, 1), ALL).subtitle
    assert "8 dates lie outside this picture: 01/01/0001, Placement a begins; " in words
    assert words.endswith("31/12/9991, Placement a ends; and 3 more.")


def test_every_date_has_two_two_and_four_digits(make: Make) -> None:
    report = make({"requests": "received_date|request_outcome_date|request_outcome\n0001-02-03|0999-01-01|N"})
    found = person.journeys(report, 1)
    assert person.choices(found)[1] == "Request 1, received 03/02/0001"
    assert person.draw(report, found, ALL).rows[0][:2] == ("03/02/0001", "01/01/0999")


def test_a_period_that_ends_before_it_begins_says_so(make: Make) -> None:
    report = make({"requests": "received_date|request_outcome_date|request_outcome\n2024-05-02|2024-05-01|Y"})
    assert events(report) == [
        ("Request", "Decision to assess (ends before it begins)", date(2024, 5, 1), date(2024, 5, 2))
    ]


def test_without_dates_there_is_nothing_to_show(make: Make) -> None:
    report = make({"requests": "request_outcome\nH"})
    assert person.choices(person.journeys(report, 1)) == {}
