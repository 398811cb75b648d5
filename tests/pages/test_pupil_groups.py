"""Pupil groups: rows that open, the published shares beside them, and the people behind a number in a dialog."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from streamlit.testing.v1 import AppTest

from sen2dash import ui
from sen2dash.analysis import pupil_groups
from sen2dash.analysis import pupil_groups_beside as beside
from sen2dash.checks import catalogue
from sen2dash.checks.masking import HIDDEN
from sen2dash.checks.report import build_report
from sen2dash.config import Settings
from sen2dash.indicators import figures
from sen2dash.reading.source import SourceText
from sen2dash.sample.generate import sample_bytes
from sen2dash.ui.filters import SHARING
from sen2dash.web import session_data, vault
from tests.pages.conftest import SESSION, Open
from tests.pages.test_cohort import said
from tests.pages.test_pages import Reports

EVERYONE = figures.Selection(n=40, n_all=40)
AS_TABLE = "pupil_groups_as_table"


def labels(at: AppTest) -> list[str]:
    """The names of the rows, from top to bottom: those that open are buttons, the others HTML."""
    found = []
    for element in at.main:
        if element.type == "button" and str(element.key).startswith("pupil_groups_toggle_"):
            found.append(seen(str(getattr(element, "label", ""))))
        elif element.type == "html" and 'class="sen2-label' in element.proto.body:
            found.append(re.sub("<[^>]+>", "", element.proto.body))
    return found


def seen(label: str) -> str:
    """A label without the words that only a screen reader says."""
    return re.sub(r" ?:grey\[.*\]$", "", label).strip("*")


def number_buttons(at: AppTest) -> dict[str, str]:
    return {str(b.key): seen(b.label) for b in at.button if str(b.key).startswith("pupil_groups_people_")}


@pytest.mark.parametrize("state", ["clean", "dirty"])
def test_every_row_has_its_number(open_page: Open, reports: Reports, state: str) -> None:
    report, _ = reports[state]
    at = open_page("pupil_groups", state)
    assert at.header[0].value == "Requests received in the year by age when the request was received"
    found = pupil_groups.table(report, catalogue.indicator("requests_received"), "share", ("age_group",), EVERYONE)
    assert [row.label for row in found.rows] == [name for name in labels(at) if name in {r.label for r in found.rows}]
    assert list(number_buttons(at).values()) == [str(row.value.numerator) for row in found.rows]
    spoken = [b.label for b in at.button if str(b.key).startswith("pupil_groups_people_")]
    assert [label.partition(":grey[, ")[2].replace("\\", "") for label in spoken] == [
        f"{row.label}]" for row in found.rows
    ]
    whole = beside.scale(found, beside.beside(report, found, EVERYONE))
    assert f"Bars: 0% to {whole:.0%}." in said(at)
    assert "40 of 40 people" in said(at)
    at.toggle(key=AS_TABLE).set_value(True).run()
    assert list(at.table[0].value["Number"]) == [str(row.value.numerator) for row in found.rows]
    assert list(at.table[0].value["Share of total count"]) == [row.value.rate_text for row in found.rows]
    assert not number_buttons(at)


def test_a_group_opens_and_closes_under_its_row(open_page: Open, reports: Reports) -> None:
    report, _ = reports["dirty"]
    at = open_page("pupil_groups", "dirty")
    at.selectbox(key="pupil_groups_indicator").set_value("plans_in_year").run()
    at.selectbox(key="pupil_groups_first").set_value("sex").run()
    at.selectbox(key="pupil_groups_second").set_value("ethnic_group").run()
    found = pupil_groups.table(report, catalogue.indicator("plans_in_year"), "share", ("sex", "ethnic_group"), EVERYONE)
    groups = [row for row in found.rows if len(row.keys) < 2]
    assert list(number_buttons(at).values()) == [str(row.value.numerator) for row in groups]
    key = groups[1].keys[0]
    assert at.button(key=f"pupil_groups_toggle_{key}").label.endswith(":grey[, closed]")
    at.button(key=f"pupil_groups_toggle_{key}").click().run()
    under = [row for row in found.rows if row.keys[:1] in ((), (key,)) or len(row.keys) < 2]
    assert list(number_buttons(at).values()) == [str(row.value.numerator) for row in under]
    assert at.button(key=f"pupil_groups_toggle_{key}").label.endswith(":grey[, open]")
    assert [row.labels[1] for row in under if len(row.keys) == 2] == [
        name for name in labels(at) if name in {row.labels[1] for row in under if len(row.keys) == 2}
    ]
    at.button(key=f"pupil_groups_toggle_{key}").click().run()
    assert len(number_buttons(at)) == len(groups)
    at.button(key="pupil_groups_toggle_all").click().run()
    assert len(number_buttons(at)) == len(found.rows)
    at.button(key="pupil_groups_toggle_all").click().run()
    assert len(number_buttons(at)) == len(groups)
    at.button(key="pupil_groups_toggle_all").click().run()
    at.selectbox(key="pupil_groups_second").set_value("need").run()
    assert len(number_buttons(at)) == len(groups), "other groups begin closed"


def test_each_kind_of_rate_says_what_it_is(open_page: Open, reports: Reports) -> None:
    report, _ = reports["dirty"]
    at = open_page("pupil_groups", "dirty")
    at.selectbox(key="pupil_groups_indicator").set_value("requests_refused").run()
    at.selectbox(key="pupil_groups_first").set_value("ethnic_group").run()
    at.toggle(key=AS_TABLE).set_value(True).run()
    indicator = catalogue.indicator("requests_refused")
    rates: tuple[tuple[pupil_groups.Rate, str], ...] = (
        ("records", "counts twice"),
        ("children", "each child counts once"),
        ("share", "make 100%"),
    )
    for rate, says in rates:
        at.segmented_control(key="pupil_groups_rate_requests").set_value(rate).run()
        found = pupil_groups.table(report, indicator, rate, ("ethnic_group",), EVERYONE)
        shown = at.table[0].value
        assert list(shown["Number"]) == [str(row.value.numerator) for row in found.rows]
        assert list(shown[pupil_groups.RATES[rate]]) == [row.value.rate_text for row in found.rows]
        assert says in said(at)
        is_compared = "England, 2024" in shown.columns
        assert is_compared == (rate == "records"), "only the rate of all requests is published"
    assert at.selectbox(key="pupil_groups_second").options.count("Ethnic group") == 0


def test_groups_stand_beside_published_shares_and_residents(open_page: Open, reports: Reports) -> None:
    report, _ = reports["clean"]
    at = open_page("pupil_groups", "clean")
    at.selectbox(key="pupil_groups_indicator").set_value("caseload").run()
    at.selectbox(key="pupil_groups_first").set_value("need").run()
    at.toggle(key=AS_TABLE).set_value(True).run()
    shown = at.table[0].value
    assert list(shown)[-3:] == ["England, January 2025", "West Midlands, January 2025", "Neighbours, January 2025"]
    found = pupil_groups.table(report, catalogue.indicator("caseload"), "share", ("need",), EVERYONE)
    assert list(shown["Per 10,000"]) == [beside.per_10_000_text(report, row) for row in found.rows]
    assert "all residents aged 0 to 17 in mid-2024" in said(at)


def test_a_number_opens_its_people_once(open_page: Open, reports: Reports) -> None:
    report, _ = reports["dirty"]
    at = open_page("pupil_groups", "dirty")
    found = pupil_groups.table(report, catalogue.indicator("requests_received"), "share", ("age_group",), EVERYONE)
    row = found.rows[1]
    at.button(key="pupil_groups_people_1").click().run()
    people = pupil_groups.people(report, found, row, "numerator", EVERYONE)
    assert list(at.dataframe[0].value["Person"]) == people["person_id"].to_pylist()
    assert {"Need", "Setting", "UPN", "Date of birth"} <= set(at.dataframe[0].value.columns)
    at.sidebar.toggle(key=ui.HIDE_NAMES).set_value(True).run()
    assert not at.dataframe, "the dialog does not open by itself"
    at.button(key="pupil_groups_people_1").click().run()
    assert set(at.dataframe[0].value["Surname"]) == {HIDDEN}


def test_the_people_of_a_rate_are_counted_not_counted_or_all(open_page: Open, reports: Reports) -> None:
    report, _ = reports["dirty"]
    at = open_page("pupil_groups", "dirty")
    at.selectbox(key="pupil_groups_indicator").set_value("requests_refused").run()
    found = pupil_groups.table(report, catalogue.indicator("requests_refused"), "records", ("age_group",), EVERYONE)
    at.button(key="pupil_groups_people_0").click().run()
    whole = found.rows[0]
    assert list(at.segmented_control(key="pupil_groups_part").options) == [
        "Counted",
        "Not counted",
        "Everyone in the base",
    ]
    people = pupil_groups.people(report, found, whole, "numerator", EVERYONE)
    assert list(at.dataframe[0].value["Person"]) == people["person_id"].to_pylist()


def test_the_same_characteristic_is_not_taken_twice(open_page: Open) -> None:
    at = open_page("pupil_groups", "clean")
    at.selectbox(key="pupil_groups_second").set_value("sex").run()
    at.selectbox(key="pupil_groups_first").set_value("sex").run()
    assert not at.exception
    assert at.selectbox(key="pupil_groups_second").value is None
    assert at.header[0].value.endswith("by sex")


def test_residents_are_shown_for_the_three_indicators_that_have_such_a_rate(open_page: Open) -> None:
    at = open_page("pupil_groups", "clean")
    with_rate = []
    for name in (*pupil_groups.FIRST, "caseload"):
        at.selectbox(key="pupil_groups_indicator").set_value(name).run()
        assert not at.exception
        if any("per 10,000 residents aged 0 to 17" in each.value for each in at.subheader):
            assert "Our own calculation" in said(at)
            with_rate.append(name)
    assert with_rate == ["requests_received", "new_plans", "caseload"]


def test_for_sharing_no_number_opens(open_page: Open, reports: Reports) -> None:
    at = open_page("pupil_groups", "clean")
    at.selectbox(key="pupil_groups_second").set_value("sex").run()
    at.sidebar.toggle(key=SHARING).set_value(True).run()
    assert "Choose a number to see the people" not in said(at)
    assert not number_buttons(at) and not at.dataframe
    at.toggle(key=AS_TABLE).set_value(True).run()
    numbers = list(at.table[0].value["Number"])
    assert len(numbers) > 1 and all(text == "c" or int(text) in range(10, 41, 5) for text in numbers)
    assert "Counts are rounded to the nearest 5" in said(at)


def test_an_indicator_that_cannot_be_run_says_so(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = catalogue.indicator("plans_in_year").model_copy(update={"sql": "select * from no_such_table"})
    monkeypatch.setattr(catalogue, "further_indicators", lambda: (broken,))
    data = sample_bytes(persons=20, seed=7, year=2025)
    report = build_report(data, Settings(now=datetime(2025, 2, 1)), only=())
    at = open_page("pupil_groups")
    vault.VAULT._entries[SESSION] = session_data.LoadedReturn(
        report, session_data.Inputs(SourceText(data), "return.xml")
    )
    at.run()
    at.selectbox(key="pupil_groups_indicator").set_value("plans_in_year").run()
    assert "could not be calculated" in said(at) and "no_such_table" in said(at)
    assert not number_buttons(at)
    report.close()


@pytest.fixture
def of_2023(open_page: Open) -> Iterator[AppTest]:
    """The start page with a return of 2023."""
    data = sample_bytes(persons=60, seed=7, year=2023)
    report = build_report(data, Settings(now=datetime(2023, 2, 1)), only=())
    at = open_page("upload")
    vault.VAULT._entries[SESSION] = session_data.LoadedReturn(
        report, session_data.Inputs(SourceText(data), "return.xml")
    )
    yield at.run()
    report.close()


def test_what_a_return_of_2023_does_not_hold_is_not_shown_as_zero(of_2023: AppTest) -> None:
    at = of_2023
    at.switch_page("../pages/pupil_groups.py").run()
    at.selectbox(key="pupil_groups_indicator").set_value("reviews_held").run()
    assert "Annual review meetings recorded: not in this return." in said(at)
    assert "Returns have included this since 2024." in said(at)
    assert not number_buttons(at)
    at.switch_page("../pages/headlines.py").run()
    shown = dict(zip(at.dataframe[0].value["Indicator"], at.dataframe[0].value["This return"], strict=True))
    missing = {name for name, text in shown.items() if text == "Not in this return"}
    assert missing == {each.title for each in catalogue.indicators() if not each.exists_in(2023)}
    assert {
        "Annual review meetings recorded",
        "Review outcomes told within 4 weeks",
        "Residential placements",
    } < missing
    at.switch_page("../pages/placements.py").run()
    at.segmented_control(key="placements_topic").set_value("reviews").run()
    assert "Not in this return: annual review meeting date. Returns have included it since 2024." in said(at)
    assert not at.get("vega_lite_chart")
    at.segmented_control(key="placements_topic").set_value("placements").run()
    assert [each.value for each in at.subheader] == ["Kinds of placement", "Attendance agreed"]
    at.toggle(key="placements_attendance__table").set_value(True).run()
    assert list(at.table[0].value["Attendance"])[:2] == ["Full time", "Part time"]
    assert "Not in this return: residential placement." in said(at)
