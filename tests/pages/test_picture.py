"""The button under each chart that saves it as a picture, and the words that the picture has."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sen2dash import RELEASE, ui
from sen2dash.ui import filters
from tests.pages.conftest import Open
from tests.pages.test_pages import Reports
from tests.pages.test_summary import sheet

BUTTON = re.compile(r'<button[^>]*class="sen2-picture" data-name="([^"]*)" data-text="([^"]*)" aria-label="([^"]*)"')


def pictures(at: AppTest) -> list[tuple[str, dict[str, Any], str]]:
    """File name, words and label of the button of each chart."""
    found = BUTTON.findall(sheet(at))
    return [(name, json.loads(html.unescape(text)), html.unescape(label)) for name, text, label in found]


@pytest.mark.parametrize("page", ["requests", "placements", "timeliness"])
def test_every_chart_has_a_picture_with_its_words(open_page: Open, reports: Reports, page: str) -> None:
    at = open_page(page, "dirty")
    report = reports["dirty"][0]
    found = pictures(at)
    assert len(found) == len(at.get("vega_lite_chart")) > 0
    for name, words, label in found:
        assert re.fullmatch(r"sen2_333_2025_\w+\.png", name)
        assert label == f"Picture (PNG) of {words['title']}"
        assert words["title"] and words["above"]
        whose, made = words["below"]
        assert whose.startswith(f"{ui.authority(report)}, {report.collection.label}. ")
        assert whose.endswith(": Everyone in the return.")
        assert made.startswith(f"Made with {RELEASE} on ")
    if page == "timeliness":
        assert found[0][1]["title"] == "Plans issued within 20 weeks, without exceptions: by month of 2024"


def test_filters_and_rounding_are_in_the_picture(open_page: Open) -> None:
    at = open_page("requests", "dirty")
    at.multiselect(key=filters.key_of("sex")).set_value(["F"]).run()
    at.toggle(key=filters.SHARING).set_value(True).run()
    for _, words, _ in pictures(at):
        assert words["below"][0].endswith("Sex: Female.")
        assert words["above"][-1].startswith("Counts are rounded to the nearest 5.")


def test_a_chart_shown_as_a_table_has_no_picture(open_page: Open) -> None:
    at = open_page("requests", "dirty")
    n_charts = len(pictures(at))
    at.toggle[next(i for i, each in enumerate(at.toggle) if each.label == "Show as a table")].set_value(True).run()
    assert len(pictures(at)) == n_charts - 1
