"""Timeliness: the lists use the limits of the indicators, and open cases are ordered by what is due next."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any

import pyarrow.compute as pc
import pytest

from sen2dash.analysis import cohort_charts, open_cases, timeliness
from sen2dash.checks import catalogue
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.indicators import figures
from sen2dash.indicators.filters import EVERYONE
from sen2dash.reference import published
from sen2dash.sample.generate import sample_bytes
from tests import casebook


def build(**settings: Any) -> Report:
    return build_report(sample_bytes(persons=400, seed=5, year=2025), Settings(now=casebook.NOW, **settings), only=())


BANDS = open_cases.BANDS


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    built = build()
    yield built
    built.close()


@pytest.fixture(scope="module")
def of_139() -> Iterator[Report]:
    """The same return where 20 weeks are 139 days."""
    built = build(twenty_weeks_days=139)
    yield built
    built.close()


@pytest.mark.parametrize("name", timeliness.LIMITS)
@pytest.mark.parametrize("days", [140, 139])
def test_the_limit_of_the_page_is_that_of_the_indicator(report: Report, of_139: Report, name: str, days: int) -> None:
    report = report if days == 140 else of_139
    assert report.store.settings.twenty_weeks_days == days
    limit = timeliness.limit_days(report, name)
    found = timeliness.decided(report, name, EVERYONE).to_pylist()
    assert found
    for row in found:
        assert row["is_late"] == (row["days"] is None or row["days"] > limit)
        assert row["days_over"] == (row["days"] - limit if row["days"] is not None and row["days"] > limit else None)


@pytest.mark.parametrize("name", timeliness.LIMITS)
def test_months_weeks_groups_and_lists_agree_with_the_indicator(report: Report, name: str) -> None:
    result = figures.Figures(report).results[name]
    everyone = figures.select(report)
    found = timeliness.decided(report, name, EVERYONE)
    assert len(found) == result.denominator
    late = len(timeliness.late(report, name, EVERYONE))
    n_counted = result.numerator
    assert late == (n_counted if name in timeliness.COUNTS_LATE else result.denominator - n_counted)
    assert sum(len(timeliness.in_month(report, name, EVERYONE, month)) for month in range(1, 13)) == len(found)
    bins, n_undated = timeliness.weeks(report, name, everyone)
    assert sum(each.value for each in bins) + n_undated == len(found)
    dated_late = sum(each.value for each in bins if each.is_late)
    assert dated_late + n_undated == late
    for by in timeliness.GROUPS:
        bars = timeliness.by_group(report, name, by, everyone)
        sizes = [len(timeliness.in_category(report, name, EVERYONE, by, bar.key)) for bar in bars]
        assert sum(sizes) == len(found)


def test_the_late_ones_stand_longest_first(report: Report) -> None:
    days = timeliness.late(report, "plans_within_20_weeks_all", EVERYONE)["days"].drop_null().to_pylist()
    assert days == sorted(days, reverse=True)
    assert days


def test_open_cases_stand_by_what_comes_up_next(report: Report) -> None:
    cases = open_cases.listed(report, EVERYONE)
    census = report.collection.census_date
    rows = cases.to_pylist()
    assert rows
    days = [row["days_to_limit"] for row in rows]
    assert days == sorted(days), "the longest past the limit first"
    for row in rows:
        limit = 42 if row["awaited"] == "Decision to assess" else 140
        assert row["days_elapsed"] == (census - row["received_date"]).days
        assert row["days_left"] - row["days_over"] == limit - row["days_elapsed"]
        assert row["days_to_limit"] == row["days_left"] - row["days_over"]
        assert row["is_over"] == (row["days_elapsed"] > limit)
        assert (row["due_date"] - row["received_date"]).days == limit
    assert open_cases.counts(cases)[:2] == (len(rows), pc.sum(cases["is_over"]).as_py())


OPEN = """
    row_id | person_id | received_date | request_outcome
    1      | 1         | {at_limit}    | A
    2      | 2         | {past_limit}  | A
    3      | 3         | 2024-12-01    | Y
    4      | 4         | 2024-12-01    | N
    5      | 5         |               | A
"""
ASSESSED = """
    row_id | requests_id | assessment_outcome
    1      | 3           | A
"""


def test_a_case_is_past_its_limit_on_the_day_after() -> None:
    census = date(2025, 1, 16)
    given = {
        "requests": OPEN.format(
            at_limit=date.fromordinal(census.toordinal() - 42), past_limit=date.fromordinal(census.toordinal() - 43)
        ),
        "assessment": ASSESSED,
    }
    store = casebook.make_store({"given": given}, Settings(now=casebook.NOW))
    report = Report(store, None, store.collection, (), {}, {})  # type: ignore[arg-type]
    found = {row["person_id"]: row for row in open_cases.listed(report, EVERYONE).to_pylist()}
    assert set(found) == {1, 2, 3}
    assert open_cases.n_undated(report, EVERYONE) == 1, "without a date received there is no limit"
    assert (found[1]["days_left"], found[1]["is_over"]) == (0, False)
    assert (found[2]["days_over"], found[2]["is_over"]) == (1, True)
    assert found[3]["awaited"] == "Plan or refusal"
    assert found[3]["days_left"] == 140 - (census - date(2024, 12, 1)).days
    bands = {
        key: open_cases.in_band(open_cases.listed(report, EVERYONE), key)["person_id"].to_pylist() for key in BANDS
    }
    assert bands == {"overdue": [2], "two_weeks": [1], "six_weeks": [], "later": [3]}


def test_weeks_of_both_pages_use_the_setting_for_20_weeks_alone(of_139: Report) -> None:
    report = of_139
    everyone = figures.select(report)
    ends = {"16": (0, 112), "20": (113, 139), "30": (140, 210), "52": (211, 364), "over": (365, 9999)}
    for key, (first, last) in ends.items():
        for row in cohort_charts.people_in_band(report, everyone, key).rows.to_pylist():
            days = (row["start_date"] - row["received_date"]).days
            assert first <= days <= last and row["weeks"] == round(days / 7, 1)
    for name in ("plans_within_20_weeks_all", "decisions_within_6_weeks"):
        bins, _ = timeliness.weeks(report, name, everyone)
        for place, each in enumerate(bins):
            days = timeliness.in_weeks(report, name, EVERYONE, each.key)["days"].to_pylist()
            assert len(days) == each.value
            edges = [139 if name.startswith("plans_") and end == 20 else 7 * end for end in (2 * place, 2 * place + 2)]
            assert all(edges[0] < day and (day <= edges[1] or place == 30) for day in days if day > 0)
    report.close()


def test_what_becomes_of_cases_without_a_date_is_said_as_each_indicator_does() -> None:
    places = count()
    data = re.sub(
        rb"<ReceivedDate>[^<]*</ReceivedDate>",
        lambda found: found[0] if next(places) % 4 else b"",
        sample_bytes(persons=300, seed=5, year=2025),
    )
    report = build_report(data, Settings(now=casebook.NOW), only=())
    for name in timeliness.LIMITS:
        undated = timeliness.decided(report, name, EVERYONE)
        undated = undated.filter(undated["days"].is_null())
        said, late = timeliness.about_late(report, name), timeliness.late(report, name, EVERYONE)
        n_late = late["days"].null_count
        if "counts as late" in said:
            assert n_late == len(undated) > 0
        else:
            assert n_late == 0 and ("not in this list" in said) == bool(len(undated))
    report.close()


def test_every_open_case_is_in_one_band(report: Report) -> None:
    cases = open_cases.listed(report, EVERYONE)
    found = {key: open_cases.in_band(cases, key).to_pylist() for key in BANDS}
    assert sum(map(len, found.values())) == len(cases)
    for row in cases.to_pylist():
        left = 42 - row["days_elapsed"] if row["awaited"] == "Decision to assess" else 140 - row["days_elapsed"]
        key = "overdue" if left < 0 else "two_weeks" if left < 15 else "six_weeks" if left < 43 else "later"
        assert row in found[key]
    assert len(found["overdue"]) == open_cases.counts(cases)[1]


def test_lists_say_need_setting_and_team(report: Report) -> None:
    report.store.load_teams([(1, "North", "North", None)])
    report.teams = object()  # type: ignore[assignment]
    try:
        profile = {
            row["person_id"]: row
            for row in report.store.rows(
                "select f.person_id, c.label as need, d.urn from profile as f inner join category as c on "
                "c.characteristic = 'need' and f.need = c.key left join person_placement as d on f.person_id = d.person_id"
            )
        }
        late = timeliness.late(report, "plans_within_20_weeks_all", EVERYONE).to_pylist()
        every = [*late, *open_cases.listed(report, EVERYONE).to_pylist()]
        assert {row["person_id"] for row in every} - {1}
        for row in every:
            assert row["need"] == profile[row["person_id"]]["need"]
            assert row["setting"]
            assert row["team"] == ("North" if row["person_id"] == 1 else None)
    finally:
        report.teams = None
        report.store.load_teams([])


def test_the_lines_are_what_is_published(report: Report) -> None:
    levels = timeliness.levels(report, "plans_within_20_weeks")
    assert [level.name.partition(",")[0] for level in levels] == ["England", "West Midlands", "Neighbours"]
    england = published.newest(catalogue.indicator("plans_within_20_weeks"), None, 2025)[0]
    assert levels[0].text == f"{england.percent:.1f}%" and levels[0].value == pytest.approx(
        (england.percent or 0) / 100
    )
    assert levels[0].name == f"England, {england.period}"
    assert timeliness.published_text(report, "plans_within_20_weeks").startswith(f"Published: {levels[0].name}: ")
    assert timeliness.levels(report, "plans_within_30_weeks") == ()
    assert timeliness.published_text(report, "plans_within_30_weeks") == ""


def test_a_share_of_few_is_faint(report: Report) -> None:
    everyone = figures.select(report)
    name = "decisions_not_to_issue_within_16_weeks"
    found = timeliness.decided(report, name, EVERYONE)["month"].to_pylist()
    rows = timeliness.months(report, name, everyone)
    assert {row.key for row in rows if row.is_faint} == {str(m) for m in range(1, 13) if found.count(m) < 5}
    assert timeliness.few_note(rows) == " Grey bars: fewer than 5 cases."
    assert (
        timeliness.few_note(timeliness.by_group(report, "decisions_within_6_weeks", "place_group", everyone)[:0]) == ""
    )
