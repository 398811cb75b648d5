"""What pages show if the published figures to compare with are for different periods."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from sen2dash import reference
from sen2dash.analysis import headlines, weeks
from sen2dash.checks.catalogue import indicator
from sen2dash.reference import releases
from sen2dash.ui import headlines as ui_headlines
from tests.pages.conftest import Open
from tests.pages.test_pages import Reports, words

WEEKS = "plans_within_20_weeks/excluding_exceptions"


def drawn(at: AppTest) -> str:
    """The HTML of a page."""
    return "\n".join(element.proto.body for element in at.get("html"))


@pytest.fixture
def mixed(reports: Reports) -> Iterator[None]:
    """The authority's figure for the latest year is missing."""
    report, _ = reports["clean"]
    rows = [
        row
        for row in reference.read("figures.csv")
        if (row["series"], row["period"], row["area"]) != (WEEKS, "2024", report.collection.lea)
    ]
    own, report.compare_with = report.compare_with, releases.with_release(releases.build((), (), (), ()), rows, ())
    yield
    report.compare_with = own


@pytest.mark.usefixtures("mixed")
def test_a_card_and_the_sheet_name_the_period_that_differs(open_page: Open) -> None:
    at = open_page("headlines", "clean")
    at.session_state[ui_headlines.INDICATOR] = "plans_within_20_weeks"
    card = drawn(at.run())
    assert '<th scope="row">Sandwell, 2023</th>' in card and '<th scope="row">England, 2024</th>' in card
    at.session_state[ui_headlines.INDICATOR] = "caseload"
    card = drawn(at.run())
    assert '<th scope="col">January 2025</th>' in card and '<th scope="row">England</th>' in card
    at.button(key="headlines_back").click().run()
    at.segmented_control(key="headlines_view").set_value(ui_headlines.SHEET).run()
    summary = drawn(at)
    assert "<td>46.4%</td>" in summary and "% (2023)</td>" in summary
    assert '<th scope="col">Published for</th>' in summary


def test_a_series_that_ended_says_so_on_its_card(open_page: Open, reports: Reports) -> None:
    report, _ = reports["clean"]
    own = report.collection
    report.collection = own.model_copy(update={"year": 2027})
    try:
        at = open_page("headlines", "clean")
        at.session_state[ui_headlines.INDICATOR] = "reviews_held"
        assert "The DfE last published this figure for 2024." in drawn(at.run())
        at.segmented_control(key="headlines_look").set_value("trend").run()
        assert headlines.notes(report, indicator("reviews_held"))[0][:60] in words(at)
    finally:
        report.collection = own


def test_the_mean_weeks_are_on_the_page(open_page: Open) -> None:
    at = open_page("timeliness", "clean")
    at.segmented_control(key="timeliness_view").set_value("weeks").run()
    assert weeks.TITLE in [each.value for each in at.header]
    assert ["Without exceptions", "Exceptions included"] in [list(each.value.columns)[1:] for each in at.table]
    assert "No mean was published up to the year of this return." in words(at)
