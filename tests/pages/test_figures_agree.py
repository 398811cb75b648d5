"""A figure is the same on every page, the filters apply alike to every page, and lists respect the switches."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sen2dash import reference, ui
from sen2dash.analysis import timeliness
from sen2dash.checks.masking import HIDDEN
from sen2dash.checks.report import Report, build_report
from sen2dash.indicators import figures
from sen2dash.indicators.filters import EVERYONE
from sen2dash.indicators.run import run_indicators
from sen2dash.output import answers
from sen2dash.ui import filters, one_indicator
from sen2dash.ui.headlines import INDICATOR, TABLE
from tests.pages.conftest import SETTINGS, Open
from tests.pages.test_pages import Reports, words

PAGES = ("headlines", "timeliness")
WEEKS = "plans_within_20_weeks"


def shown(at: AppTest) -> dict[str, str]:
    """Title of a card, of a heading with its number, or of a row of the table of all indicators, to its value."""
    found = {metric.label: metric.value for metric in at.metric}
    for heading in at.header:
        title, colon, number = heading.value.replace("\\", "").rpartition(": ")
        if colon:
            found[title] = number.partition(" (")[0]
    for table in at.dataframe:
        if "Indicator" in table.value.columns:
            texts = (text.partition(" (")[0] for text in table.value["This return"])
            found |= dict(zip(table.value["Indicator"], texts, strict=True))
    return found


def from_the_command_line(data: bytes) -> dict[str, dict[str, float]]:
    """The figures of the command line, by the title of the indicator."""
    report = build_report(data, SETTINGS, only=())
    text = b"".join(answers.indicators_json(run_indicators(report.store), report))
    report.close()
    return {each["id"]: each for each in json.loads(text)["indicators"]}


def test_a_figure_is_the_same_wherever_it_stands(open_page: Open, reports: Reports) -> None:
    report, data = reports["dirty"]
    told = from_the_command_line(data)
    cards, timely = shown(open_page("headlines", "dirty")), open_page("timeliness", "dirty")
    assert len(cards) == len(told) == 33
    for name, result in figures.Figures(report).results.items():
        of = told[name]
        expected = f"{of['numerator']:,}" if result.indicator.is_count else figures.rate_text(of["value"])
        assert cards[result.indicator.title] == expected
        if name in timeliness.LIMITS:
            timely.segmented_control(key="timeliness_limit").set_value(name).run()
            counts = f"({result.numerator} of {result.denominator})"
            assert timely.header[0].value == ui.plain(f"{result.indicator.title}: {expected} {counts}")


@pytest.mark.parametrize("page", PAGES)
def test_without_a_return_a_page_says_what_would_stand_there(open_page: Open, page: str) -> None:
    at = open_page(page)
    assert "No return is loaded" in words(at)
    assert not shown(at)


@pytest.mark.parametrize("page", PAGES)
def test_filters_cut_the_page_and_say_n_of_n(open_page: Open, reports: Reports, page: str) -> None:
    report, _ = reports["clean"]
    at = open_page(page, "clean")
    at.multiselect(key=filters.key_of("sex")).set_value(["F"]).run()
    cohort = figures.choose({"sex": ["F"]})
    n = figures.select(report, cohort).n
    assert 0 < n < 40
    assert f"{n} of 40 people" in words(at)
    result = figures.Figures(report, figures.Selection(cohort)).results[WEEKS]
    assert shown(at)[result.indicator.title] == figures.rate_text(result.value)
    at.button(key="filters_reset").click().run()
    assert "40 of 40 people" in words(at)
    assert at.multiselect(key=filters.key_of("sex")).value == []


@pytest.mark.parametrize("page", PAGES)
def test_an_address_holds_filters_by_the_names_of_categories(open_page: Open, page: str) -> None:
    at = open_page(page, "clean", {filters.key_of("sex"): "Female"})
    assert at.multiselect(key=filters.key_of("sex")).value == ["F"]
    assert "Sex\\: Female" in words(at)


@pytest.mark.parametrize("page", PAGES)
def test_filters_that_leave_nobody_lead_back(open_page: Open, page: str) -> None:
    at = open_page(page, "clean")
    at.multiselect(key=filters.key_of("age")).set_value(["26"]).run()
    assert "Nobody in this return matches" in words(at)
    assert not shown(at)
    at.button(key="filters_reset_main").click().run()
    assert shown(at)


def test_every_characteristic_can_be_filtered_by(open_page: Open) -> None:
    at = open_page("headlines", "clean")
    keys = {element.key for element in at.multiselect}
    assert keys == {filters.key_of(name) for name in reference.characteristics()} | {filters.WITHOUT}


def test_a_row_opens_the_page_of_its_indicator(open_page: Open, reports: Reports) -> None:
    report, _ = reports["dirty"]
    at = open_page("headlines", "dirty")
    titles = list(at.dataframe[0].value["Indicator"])
    result = figures.Figures(report).results[WEEKS]
    row = titles.index(result.indicator.title)
    at.session_state[TABLE] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    at.run()
    assert at.session_state[INDICATOR] == WEEKS
    assert at.header[0].value == result.indicator.title
    n_late = result.denominator - result.numerator
    options = at.segmented_control(key=f"headlines_part_{WEEKS}").options
    assert list(options) == [f"Late ({n_late})", f"On time ({result.numerator})", f"All ({result.denominator})"]
    late = at.dataframe[0].value
    assert len(late) == n_late > 1
    assert list(late["Days over"]) == sorted(late["Days over"], reverse=True)
    assert list(late["Weeks"]) == [round(days / 7, 1) for days in late["Days"]]
    at.button(key="headlines_back").click().run()
    assert list(at.dataframe[0].value["Indicator"]) == titles


def test_the_page_of_an_indicator_lists_its_people(open_page: Open, reports: Reports) -> None:
    report, _ = reports["dirty"]
    at = open_page("headlines", "dirty", {INDICATOR: "Requests refused"})
    result = figures.Figures(report).results["requests_refused"]
    assert at.header[0].value == result.indicator.title
    assert len(at.dataframe[0].value) == result.numerator
    at.segmented_control(key="headlines_part_requests_refused").set_value("denominator").run()
    assert len(at.dataframe[0].value) == result.denominator
    assert sum(at.dataframe[0].value["Counted"] == "Yes") == result.numerator
    at.session_state["headlines_requests_refused_denominator_people_1"] = {
        "selection": {"rows": [0], "columns": [], "cells": []}
    }
    person = at.dataframe[0].value["Person"].iloc[0]
    at.run()
    assert at.title[0].value.startswith(f"Person {person}")


@pytest.mark.parametrize("name", ["caseload", WEEKS, "requests_refused", "assessments_completed", "not_in_education"])
@pytest.mark.parametrize("view", one_indicator.VIEWS)
def test_every_view_of_an_indicator_is_drawn(open_page: Open, name: str, view: str) -> None:
    at = open_page("headlines", "dirty")
    at.session_state[INDICATOR] = name
    at.run()
    at.segmented_control(key="headlines_look").set_value(view).run()
    assert not at.exception and not at.error
    said = words(at)
    if name == "not_in_education" and view in ("neighbours", "trend"):
        whose = {"neighbours": "your statistical neighbours", "trend": "this authority"}[view]
        assert f"No figures of {whose} are known for this indicator." in said
    else:
        assert {"people": " shown.", "groups": ", by primary need", "neighbours": "neighbour first"}.get(
            view, "year"
        ) in said


def test_lists_hide_names_and_are_left_out_for_sharing(open_page: Open) -> None:
    at = open_page("timeliness", "dirty")
    at.segmented_control(key="timeliness_view").set_value("open").run()
    at.sidebar.toggle(key=ui.HIDE_NAMES).set_value(True).run()
    assert set(at.dataframe[0].value["Surname"]) == {HIDDEN}
    assert set(at.dataframe[0].value["Date of birth"]) == {HIDDEN}
    at.sidebar.toggle(key=filters.SHARING).set_value(True).run()
    assert not at.dataframe
    assert "Lists of people are left out" in words(at)


def test_open_and_late_cases_say_their_limits(open_page: Open) -> None:
    at = open_page("timeliness", "dirty")
    at.segmented_control(key="timeliness_view").set_value("open").run()
    said = words(at)
    assert "A decision to assess is due 6 weeks after the request, and the final plan 20 weeks after it." in said
    assert "A decision not to issue a plan is due within 16 weeks." in said
    at.segmented_control(key="timeliness_view").set_value("late").run()
    assert "A case without a date received counts as late and comes first." in words(at)
    at.segmented_control(key="timeliness_limit").set_value("plans_over_52_weeks").run()
    assert "Cases without a date received are not in this list." in words(at)
    at.segmented_control(key="timeliness_limit").set_value("decisions_within_6_weeks").run()
    assert "without a date received" not in words(at)


def test_a_column_of_weeks_opens_its_people_in_a_file_named_after_the_limit(open_page: Open, reports: Reports) -> None:
    report, _ = reports["dirty"]
    at = open_page("timeliness", "dirty")
    name = "decisions_within_6_weeks"
    at.segmented_control(key="timeliness_view").set_value("weeks").run()
    at.segmented_control(key="timeliness_limit").set_value(name).run()
    bins, _ = timeliness.weeks(report, name, figures.select(report))
    key = next(each.key for each in bins if each.value)
    at.selectbox(key="timeliness_weeks_chosen").set_value(key).run()
    people = timeliness.in_weeks(report, name, EVERYONE, key)
    assert list(at.dataframe[0].value["Person"]) == people["person_id"].to_pylist()
    assert at.dataframe[0].key == f"timeliness_weeks_{name}_{key}_people_1"


def test_for_sharing_small_numbers_reach_no_card(open_page: Open, reports: Reports) -> None:
    report, _ = reports["dirty"]
    at = open_page("headlines", "dirty")
    at.sidebar.toggle(key=filters.SHARING).set_value(True).run()
    small = [r for r in figures.Figures(report).results.values() if r.numerator < 8]
    assert small
    cards = shown(at)
    assert {cards[result.indicator.title] for result in small} == {"c"}


@pytest.mark.parametrize("view", ["months", "weeks", "groups", "late", "open"])
def test_every_view_of_timeliness_is_drawn_under_every_limit(open_page: Open, reports: Reports, view: str) -> None:
    at = open_page("timeliness", "dirty")
    at.segmented_control(key="timeliness_view").set_value(view).run()
    for limit in timeliness.LIMITS if view != "open" else ("",):
        if limit:
            at.segmented_control(key="timeliness_limit").set_value(limit).run()
        assert "Reference number" not in words(at)
        assert not at.exception
        assert len(at.subheader) >= 1


def test_the_other_reading_is_shown_and_can_be_chosen(dirty_bytes: bytes) -> None:
    at = AppTest.from_file(str(ui.ROOT / "sen2dash" / "main.py"), default_timeout=120).run()
    at.file_uploader[0].set_value(("return.xml", dirty_bytes, "text/xml")).run()
    at.switch_page("../pages/timeliness.py").run()
    readings: Any = at.table[0].value
    assert readings.iloc[0, 0] == "140 days, without mediation and tribunal cases (chosen)"
    assert len(readings) == 4
    other = [text for text in readings.iloc[:, 0] if text.startswith("139 days, without")]
    expected = readings.iloc[list(readings.iloc[:, 0]).index(other[0]), 1]
    at.radio(key="timeliness_days_140").set_value(139).run()
    assert not at.exception
    after = at.table[0].value
    assert after.iloc[0, 0] == "139 days, without mediation and tribunal cases (chosen)"
    assert after.iloc[0, 1] == expected
    assert expected.startswith(shown(at)["Plans issued within 20 weeks, without exceptions"])


def test_an_indicator_that_cannot_be_run_says_so(
    open_page: Open, reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    report: Report = reports["clean"][0]
    of = figures.Figures(report).indicators
    broken = [r.model_copy(update={"reason": "No such table"}) if r.indicator.id == WEEKS else r for r in of]
    monkeypatch.setattr(figures.Figures, "indicators", property(lambda _: tuple(broken)))
    report.cache.clear()
    try:
        at = open_page("headlines", "clean")
        assert shown(at)["Plans issued within 20 weeks, without exceptions"] == "Could not be calculated"
        assert "No such table" in words(at)
    finally:
        report.cache.clear()
