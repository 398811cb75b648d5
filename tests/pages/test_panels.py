"""The pages on requests and on placements: each topic, the people behind a bar, and what is hidden."""

from __future__ import annotations

import pytest

from sen2dash import ui
from sen2dash.analysis import placements, requests, reviews
from sen2dash.checks.masking import HIDDEN
from sen2dash.checks.report import Report
from sen2dash.model import Cohort
from sen2dash.ui.filters import SHARING
from tests.pages.conftest import Open
from tests.pages.test_pages import words

Reports = dict[str, tuple[Report, bytes]]
TOPICS = [("requests", topic.key) for topic in requests.TOPICS] + [
    ("placements", topic.key) for topic in placements.TOPICS
]


@pytest.mark.parametrize("page", ["requests", "placements"])
def test_without_a_return_nothing_is_drawn(open_page: Open, page: str) -> None:
    at = open_page(page)
    assert "No return is loaded" in words(at)
    assert not at.segmented_control


@pytest.mark.parametrize(("page", "topic"), TOPICS)
def test_every_topic_is_drawn_and_can_be_read_as_tables(open_page: Open, page: str, topic: str) -> None:
    at = open_page(page, "clean")
    at.segmented_control(key=f"{page}_topic").set_value(topic).run()
    assert not at.exception
    assert "40 of 40 people" in words(at)
    n_charts = len(at.get("vega_lite_chart")) + sum("Nothing to show" in each.value for each in at.info)
    assert n_charts == len(at.subheader) >= 1
    for each in [str(toggle.key) for toggle in at.toggle if str(toggle.key).endswith("_table")]:
        at.toggle(key=each).set_value(True).run()
    assert len(at.table) == len(at.get("download_button")) >= 1
    assert not at.exception


@pytest.mark.parametrize("page", ["requests", "placements"])
def test_a_bar_opens_its_people(open_page: Open, reports: Reports, page: str) -> None:
    at = open_page(page, "clean")
    at.segmented_control(key=f"{page}_topic").set_value({"requests": "flow", "placements": "reviews"}[page]).run()
    key = {"requests": "requests_flow_", "placements": "placements_reviews_"}[page]
    picked = {"requests": "received", "placements": "expected"}[page]
    at.selectbox(key=f"{key}_chosen").set_value(picked).run()
    found = {
        "requests": requests.received(reports["clean"][0], Cohort()),
        "placements": reviews.expected(reports["clean"][0], Cohort()),
    }[page]
    assert list(at.dataframe[0].value["Person"]) == found["person_id"].to_pylist()
    assert list(at.dataframe[0].value["UPN"].fillna("")) == [upn or "" for upn in found["upn"].to_pylist()]
    at.sidebar.toggle(key=ui.HIDE_NAMES).set_value(True).run()
    assert not at.dataframe, "the dialog does not open by itself"
    at.button(key=f"{key}_again").click().run()
    assert set(at.dataframe[0].value["Surname"]) == {HIDDEN}
    at.session_state[f"{key}_{picked}_people_1"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    at.button(key=f"{key}_again").click().run()
    assert at.title[0].value.startswith(f"Person {found['person_id'][0].as_py()}")


def test_for_sharing_lists_are_left_out(open_page: Open) -> None:
    at = open_page("requests", "clean")
    at.selectbox(key="requests_flow__chosen").set_value("received").run()
    at.sidebar.toggle(key=SHARING).set_value(True).run()
    assert not at.dataframe
    assert not any("_chosen" in str(each.key) for each in at.selectbox)


def test_a_filter_that_leaves_nobody_is_explained(open_page: Open) -> None:
    at = open_page("placements", "clean")
    at.multiselect(key="f_age").set_value(["26"]).run()
    assert "Nobody in this return matches the filters" in words(at)
    assert not at.subheader


def test_a_person_has_a_picture_of_dates_and_its_table(open_page: Open, reports: Reports) -> None:
    report, _ = reports["clean"]
    wanted = (
        "select person_id from request_journey where received_date is not null and request_outcome_date is not null"
    )
    person = report.store.rows(f"{wanted} order by person_id limit 1")[0]["person_id"]
    at = open_page("person", "clean", {"person": str(person)})
    assert len(at.get("vega_lite_chart")) == 1
    (toggle,) = [str(each.key) for each in at.toggle if str(each.key).startswith("person_dates")]
    at.toggle(key=toggle).set_value(True).run()
    assert not at.get("vega_lite_chart")
    assert list(at.table[0].value.columns) == ["Date", "Until", "What", "Days since the request"]
    assert any("Request" in what for what in at.table[0].value["What"])
    assert not at.exception
