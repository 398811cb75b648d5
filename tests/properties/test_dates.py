"""Any real date in any date item, however unlikely: every page shows its figures and files, no picture stretches."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sen2dash import spec
from sen2dash.analysis import (
    cohort,
    cohort_charts,
    headlines,
    open_cases,
    placements,
    pupil_groups,
    pupil_groups_beside,
    requests,
    timeliness,
)
from sen2dash.analysis import (
    person as timeline,
)
from sen2dash.charts.bars import bar_chart
from sen2dash.charts.histogram import histogram
from sen2dash.charts.levels import level_chart
from sen2dash.charts.pieces import Chart
from sen2dash.checks import findings
from sen2dash.checks.record import read_record
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.indicators import figures
from sen2dash.model import Cohort
from sen2dash.output import answers, export, workbook
from sen2dash.sample.generate import make_return
from sen2dash.sample.tree import SampleReturn, XmlGroup, render
from sen2dash.ui.figures import FIRST, LAST, masked, people_csv
from tests.casebook import NOW
from tests.properties.returns import samples

FIRST_DAY, LAST_DAY = "0001-01-01", "9999-12-31"
#: One indicator for each date at which age is taken, and one for a duration.
TAKEN = ("caseload", "requests_received", "new_plans", "plans_ceased", "plans_within_20_weeks")
ODD = (FIRST_DAY, "0999-02-28", "1899-12-31", "1900-02-28", "2100-02-28", "9999-01-01", LAST_DAY)
DATE_ITEMS = {
    group.element: [item.element for item in spec.items_of(group.table) if item.type == "date"] for group in spec.GROUPS
}
#: A date in British order whose parts have too few digits.
SHORT = re.compile(r"(?<![\d/])(?:\d/\d{1,2}|\d\d/\d)/\d+|(?<![\d/])\d\d/\d\d/\d{1,3}(?![\d/])")
#: The most days in a picture of all dates, and of one request.
MAX_DAYS_OF_ALL = 366 * (timeline.YEARS_BEFORE + timeline.YEARS_AFTER + 1)
MAX_DAYS_OF_ONE = timeline.BEFORE + timeline.MAX_DAYS_BEFORE + timeline.MAX_DAYS_AFTER + timeline.AFTER


def date_places(made: SampleReturn) -> list[tuple[XmlGroup, str]]:
    """Every place in the return that can hold a date."""
    return [
        (group, name) for person in made.persons for group in person.walk() for name in DATE_ITEMS.get(group.name, ())
    ]


def check(made: SampleReturn) -> Report:
    return build_report("".join(render(made.year, made.header, made.persons)).encode(), Settings(now=NOW))


def drawn_of_figures(report: Report) -> Iterator[Chart]:
    """Every chart of the pages of figures, after running everything else that these pages show or write to files."""
    everyone = figures.select(report)
    assert headlines.cards(report, everyone)
    for result in figures.Figures(report).results.values():
        assert not result.is_broken, result.reason
        if result.indicator.id not in TAKEN:
            continue
        found = figures.Figures(report).people(result.indicator.id)
        columns = {**FIRST, **pupil_groups.list_columns(result.indicator), **LAST}
        people_csv(masked(found, False), columns, "People", "", False)
        for rate in pupil_groups.rates_of(result.indicator)[-2:]:
            shown = pupil_groups.table(report, result.indicator, rate, ("age",), everyone)
            assert pupil_groups_beside.table_csv(report, shown, (), everyone)
    for name in ("plans_within_20_weeks_all", "decisions_within_6_weeks"):
        bins, _ = timeliness.weeks(report, name, everyone)
        assert bins[-1].end <= timeliness.MAX_WEEKS + timeliness.BIN_WEEKS
        yield histogram("Weeks", "", "Weeks", bins, timeliness.limit_lines(name))
        yield level_chart(
            "Months", "", "Month", timeliness.months(report, name, everyone), timeliness.levels(report, name)
        )
        yield bar_chart("Groups", "", "Group", timeliness.by_group(report, name, "age_group", everyone))
        timeliness.decided(report, name, Cohort()).to_pylist()
    cases = open_cases.listed(report, Cohort())
    assert open_cases.counts(cases)
    for row in cases.to_pylist():
        assert row["days_left"] == 0 or row["days_over"] == 0
    for topic in (*requests.TOPICS, *placements.TOPICS):
        assert topic.lead(report)
        for panel in topic.panels:
            by = next(iter(panel.by), "")
            chart = panel.draw(report, everyone, by)
            yield chart
            for key, _ in chart.choices[:3]:
                panel.find(report, everyone, by, key).rows.to_pylist()
    for base in cohort.BASES:
        yield cohort_charts.bars(cohort.break_down(report, base, "age", everyone), everyone)


def span(picture: dict[str, Any]) -> int:
    """The number of days on the shared axis of a timeline."""
    domains = re.findall(r'"domain": \["([0-9-]{10})T00:00:00", "([0-9-]{10})T00:00:00"\]', json.dumps(picture))
    assert domains
    return max((date.fromisoformat(last) - date.fromisoformat(first)).days for first, last in domains)


def look_at_everything(report: Report) -> None:
    look_at_people_and_files(report)
    for chart in drawn_of_figures(report):
        assert chart.picture.to_dict(validate=False)


def look_at_people_and_files(report: Report) -> None:
    assert not report.of_status("broken")
    assert not SHORT.search(report.collection.label)
    for person in range(1, report.counts["person"] + 1, 1 + report.counts["person"] // 8):
        for section in read_record(report, person).sections:
            for value in section.values:
                assert not SHORT.search(f"{value.text} {value.remarks}")
        found = timeline.journeys(report, person)
        for choice in timeline.choices(found):
            chart = timeline.draw(report, found, choice)
            picture = chart.picture.to_dict(validate=False)
            assert span(picture) <= (MAX_DAYS_OF_ALL if choice == timeline.ALL else MAX_DAYS_OF_ONE)
            assert not SHORT.search(f"{chart.subtitle} {chart.alt_text} {chart.rows} {picture}")
    assert findings.find_people(report, "1")[0]
    for outcome in report.outcomes:
        for row in findings.findings_page(report, outcome.rule.id).rows:
            assert not SHORT.search(row["detail"] or "")
    assert export.findings_csv(report)
    assert export.findings_xlsx(report)
    assert json.loads(b"".join(answers.report_json(report)))
    assert b"".join(answers.report_text(report))


def test_odd_dates_in_every_date_item() -> None:
    made = make_return(30, seed=3)
    for number, (group, name) in enumerate(date_places(made)):
        # Change each item for only a few people, so that most journeys keep some dates that make sense.
        if number % 3 == 0:
            group.items[name] = ODD[(number // 3) % len(ODD)]
    report = check(made)
    try:
        look_at_everything(report)
    finally:
        report.close()


@pytest.mark.parametrize("day", [FIRST_DAY, LAST_DAY])
def test_the_same_odd_date_in_every_date_item_and_as_census_day(day: str) -> None:
    made = make_return(8, seed=4)
    for group, name in date_places(made):
        group.items[name] = day
    made.header.groups[0].items["ReferenceDate"] = day
    report = check(made)
    try:
        assert report.collection.census_date.isoformat() == day
        look_at_everything(report)
    finally:
        report.close()


@samples(1)
@given(st.data())
def test_any_real_date_anywhere(data: st.DataObject) -> None:
    check_any_real_date(data)


@pytest.mark.long
@pytest.mark.timeout(1800)
@samples(12)
@given(st.data())
def test_any_real_date_anywhere_at_length(data: st.DataObject) -> None:
    check_any_real_date(data)


def check_any_real_date(data: st.DataObject) -> None:
    made = make_return(5, seed=data.draw(st.integers(1, 9)))
    days = st.dates().map(date.isoformat) | st.sampled_from(ODD)
    places: list[tuple[XmlGroup, str]] = date_places(made)
    for place in data.draw(st.lists(st.integers(0, len(places) - 1), min_size=5, max_size=30)):
        group, name = places[place]
        group.items[name] = data.draw(days)
    if data.draw(st.booleans()):
        made.header.groups[0].items["ReferenceDate"] = data.draw(days)
    report = check(made)
    try:
        assert not any(result.is_broken for result in figures.Figures(report).results.values())
        open_cases.listed(report, Cohort()).to_pylist()
        look_at_people_and_files(report)
    finally:
        report.close()


def excel_cell(value: Any) -> Any:
    import io

    import openpyxl

    pieces = workbook.pieces({}, [workbook.SheetTable("Dates", [("Day", 12)], [[value]])])
    return openpyxl.load_workbook(io.BytesIO(b"".join(pieces))).active["A2"].value


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(1, 1, 1), "01/01/0001"),
        (date(1899, 12, 31), "31/12/1899"),
        (date(1900, 1, 1), date(1900, 1, 1)),
        (date(1900, 2, 28), date(1900, 2, 28)),
        (date(1900, 3, 1), date(1900, 3, 1)),
        (date(2024, 2, 29), date(2024, 2, 29)),
        (date(9999, 12, 31), date(9999, 12, 31)),
    ],
)
def test_a_workbook_holds_a_day_that_excel_does_not_know_as_text(day: date, shown: object) -> None:
    value = excel_cell(day)
    assert (value if isinstance(value, str) else value.date()) == shown
