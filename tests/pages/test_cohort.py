"""What the page on the cohort says, and the people that it opens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from sen2dash import reference
from sen2dash.analysis import cohort, cohort_charts, earlier_years
from sen2dash.checks.masking import HIDDEN
from sen2dash.checks.report import build_report
from sen2dash.indicators import figures
from sen2dash.reading.source import SourceText
from sen2dash.sample.generate import sample_bytes
from sen2dash.web import vault
from tests.pages.conftest import SESSION, SETTINGS, Open
from tests.pages.test_pages import Reports, words

EVERYONE = figures.Selection(n=40, n_all=40)
FIRST = ["need", "age_group", "sex", "ethnic_group", "place_group", "support"]


def said(at: AppTest) -> str:
    """All text of a page, with its chart headings, without the characters that escape Markdown."""
    html = " ".join(re.sub(r"<[^>]+>", " ", str(each.proto.body)) for each in at.get("html"))
    return f"{words(at)} {html}".replace("\\", "")


def data_of_charts(at: AppTest) -> list[list[dict[str, Any]]]:
    """The rows of each data set that the charts of a page send to the browser."""
    sent = [each.data.data for chart in at.get("vega_lite_chart") for each in chart.proto.datasets]
    return [pa.ipc.open_stream(each).read_all().to_pylist() for each in sent]


def pick(at: AppTest, key: str, part: str) -> AppTest:
    """Choose a part in the list beside a chart."""
    return at.selectbox(key=f"{key}_list").set_value(part).run()


def test_without_a_return_it_says_what_it_shows(open_page: Open) -> None:
    at = open_page("cohort")
    assert "Upload a return to see who it is about" in said(at)
    assert not at.get("vega_lite_chart") and not at.exception


@pytest.mark.parametrize("state", ["clean", "dirty"])
def test_every_chart_is_there_with_its_numbers(open_page: Open, reports: Reports, state: str) -> None:
    report, _ = reports[state]
    at = open_page("cohort", state)
    assert at.title[0].value == "Cohort"
    assert at.segmented_control(key="cohort_base").value == "caseload", "plans on census day come first"
    n = cohort.total(report, "caseload", EVERYONE)
    assert f"{n} people" in said(at)
    for name in FIRST:
        at.toggle(key=f"cohort_caseload_{name}_table").set_value(True)
    at.run()
    tables = {table.value.columns[0]: table.value for table in at.table}
    for name in FIRST[:-1]:
        found = cohort.break_down(report, "caseload", name, EVERYONE)
        assert list(tables[found.label]["Value"].str.replace("\\", "")) == [line.text for line in found.lines]
    assert "Personal budget" in list(tables["What"]["What"])


def test_the_bars_are_compared_with_what_is_chosen(open_page: Open) -> None:
    at = open_page("cohort", "dirty")
    assert "England, January 2025" in said(at)
    at.toggle(key="cohort_caseload_age_group_table").set_value(True).run()
    assert "England, January 2025" in at.table[0].value.columns
    control = at.segmented_control(key="cohort_comparator")
    assert list(control.options) == ["England", "West Midlands", "Neighbours", "Earlier return", "None"]
    control.set_value("neighbours").run()
    assert "Neighbours, January 2025" in said(at) and "the median of 10 statistical neighbours" in said(at)
    at.segmented_control(key="cohort_comparator").set_value("earlier").run()
    assert said(at).count("No earlier return is loaded") == 1, "once, not under every chart"
    at.segmented_control(key="cohort_comparator").set_value("none").run()
    assert ", January 2025" not in said(at) and "Not published" not in said(at)
    at.segmented_control(key="cohort_comparator").set_value("england").run()
    at.segmented_control(key="cohort_base").set_value("people").run()
    assert said(at).count("Nothing is published about everyone in a return") == 1


def test_what_is_not_published_says_so_under_its_chart(open_page: Open) -> None:
    at = open_page("cohort", "clean")
    at.segmented_control(key="cohort_need_what").set_value("need2").run()
    assert (
        "Not published for England up to the year of this return: EHC plans on census day, by secondary need"
        in said(at)
    )


def test_an_earlier_return_is_beside_the_bars(open_page: Open) -> None:
    at = open_page("cohort", "clean")
    report = build_report(sample_bytes(persons=40, seed=7, year=2025), SETTINGS, only=[])
    report.earlier = tuple(
        earlier_years.read_earlier(SourceText(sample_bytes(30, seed=3, year=year)), SETTINGS, None, lambda _: None)
        for year in (2023, 2024)
    )
    vault.VAULT._entries[SESSION].report = report
    at.segmented_control(key="cohort_comparator").set_value("earlier").run()
    assert "Return of 2024" in said(at) and "Return of 2023" in said(at) and not at.exception
    at.toggle(key="cohort_caseload_age_group_table").set_value(True).run()
    assert list(at.table[0].value.columns)[2:] == ["Return of 2023", "Return of 2024"]
    report.close()


def test_every_characteristic_can_be_shown(open_page: Open) -> None:
    at = open_page("cohort", "clean")
    shown = {"unit", "resourced", "location", "budget", "residential"}
    for card, names in {**cohort_charts.LEFT, **cohort_charts.RIGHT}.items():
        for name in names[1:]:
            at.segmented_control(key=f"cohort_{card}_what").set_value(name).run()
            assert not at.exception and reference.characteristics()[name].label in said(at)
        shown |= set(names)
    for name in at.selectbox(key="cohort_other_what").options:
        shown |= {key for key, each in reference.characteristics().items() if each.label == name}
    assert shown == set(reference.characteristics())
    at.selectbox(key="cohort_other_what").set_value("group").run()
    assert "New SEN2 (EHC plan only)" in [label for _, label in labels_of(at, "cohort_caseload_group_list")]
    assert "A person can be in several groups" in said(at)


def labels_of(at: AppTest, key: str) -> list[tuple[int, str]]:
    return list(enumerate(at.selectbox(key=key).options))


@pytest.mark.parametrize("how", ["list", "click"])
def test_a_bar_opens_its_people_once_and_a_row_opens_one(open_page: Open, reports: Reports, how: str) -> None:
    report, _ = reports["dirty"]
    line = cohort.break_down(report, "caseload", "sex", EVERYONE).lines[0]
    at = open_page("cohort", "dirty")
    if how == "list":
        pick(at, "cohort_caseload_sex", line.key)
    else:
        # The callback of a chart does not run here, so this is what it leaves behind.
        at.session_state["ui_people_asked"] = ("cohort_caseload_sex", line.key)
        at.run()
    people = cohort.people(report, "caseload", {"sex": line.key}, EVERYONE)
    shown = at.dataframe[0].value
    assert list(shown["Person"]) == people["person_id"].to_pylist()
    assert {"Date of birth", "UPN", "Setting", "Primary need", "Surname"} <= set(shown.columns)
    assert f"{line.number} of 40 people shown." in said(at)
    at.run()
    assert not at.dataframe, "it does not open again by itself"
    pick(at, "cohort_caseload_sex", line.key)
    at.session_state[f"cohort_caseload_sex_{line.key}_people_1"] = {
        "selection": {"rows": [1], "columns": [], "cells": []}
    }
    pick(at, "cohort_caseload_sex", line.key)
    assert at.title[0].value.startswith(f"Person {people['person_id'][1].as_py()}")


def test_the_bar_that_was_chosen_keeps_an_outline(open_page: Open) -> None:
    at = open_page("cohort", "dirty")
    pick(at, "cohort_caseload_sex", "M")
    assert at.selectbox(key="cohort_caseload_sex_list").value is None, "the list can be used for the same bar again"
    marked = {row["key"]: row["marked"] for rows in data_of_charts(at) for row in rows if row.get("key") in ("M", "F")}
    assert marked == {"M": True, "F": False}
    assert {row["key"] for rows in data_of_charts(at) for row in rows if row.get("marked")} == {"M"}
    at.segmented_control(key="cohort_base").set_value("new_plans").run()
    assert not any(row.get("marked") for rows in data_of_charts(at) for row in rows), (
        "the bar of another base is another bar"
    )


def test_small_yes_no_bars_open_their_people(open_page: Open, reports: Reports) -> None:
    report, _ = reports["clean"]
    at = open_page("cohort", "clean")
    at.segmented_control(key="cohort_base").set_value("people").run()
    pick(at, "cohort_people_support", "budget")
    people = cohort.people(report, "people", {"budget": "yes"}, EVERYONE)
    assert list(at.dataframe[0].value["Person"]) == people["person_id"].to_pylist()


def test_new_plans_have_a_chart_of_weeks(open_page: Open, reports: Reports) -> None:
    report, _ = reports["clean"]
    at = open_page("cohort", "clean")
    assert "Weeks from request to plan" not in said(at)
    at.segmented_control(key="cohort_base").set_value("new_plans").run()
    assert "Weeks from request to plan" in said(at)
    drawn = cohort_charts.weeks_taken(report, EVERYONE)
    key, _ = drawn.chart.choices[0]
    pick(at, "cohort_new_plans_weeks", key)
    assert len(at.dataframe[0].value) == int(drawn.chart.rows[0][1].split()[0])
    assert "Weeks" in at.dataframe[0].value.columns


def test_names_in_the_dialog_are_hidden_on_demand(open_page: Open) -> None:
    at = open_page("cohort", "dirty")
    pick(at, "cohort_caseload_need", "ASD")
    assert HIDDEN not in set(at.dataframe[0].value["Surname"])
    at.toggle(key="ui_hide_names").set_value(True).run()
    pick(at, "cohort_caseload_need", "ASD")
    assert set(at.dataframe[0].value["Surname"]) == set(at.dataframe[0].value["Date of birth"]) == {HIDDEN}


def test_a_cell_of_the_heat_map_opens_its_people(open_page: Open, reports: Reports) -> None:
    report, _ = reports["clean"]
    at = open_page("cohort", "clean")
    at.segmented_control(key="cohort_view").set_value("Needs by setting").run()
    at.selectbox(key="cohort_columns").set_value("phase").run()
    grid = cohort.cross(report, "caseload", "need", "phase", EVERYONE)
    chart = cohort_charts.heat_map(grid, "need", "phase", "caseload", EVERYONE, as_share=False)
    key, label = chart.choices[0]
    pick(at, "cohort_caseload_need_phase", key)
    assert len(at.dataframe[0].value) == int(label.rsplit(": ", 1)[1])
    at.segmented_control(key="cohort_cells").set_value(True).run()
    assert "Primary need by phase" in said(at)


@pytest.fixture
def file_of_cohort(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The labels of the downloads of a page, and their content."""
    made: list[str] = []
    from sen2dash.ui import pieces

    def download(label: str, make: Callable[[], bytes], *rest: str, **_: object) -> None:
        made.append(f"{label}\n{make().decode('utf-8-sig')}")

    monkeypatch.setattr(pieces, "download", download)
    yield made


@pytest.mark.parametrize("hide", [False, True])
def test_the_file_of_the_cohort_follows_the_filters(open_page: Open, file_of_cohort: list[str], hide: bool) -> None:
    at = open_page("cohort", "clean")
    at.toggle(key="ui_hide_names").set_value(hide)
    file_of_cohort.clear()
    at.multiselect(key="f_sex").set_value(["F"]).run()
    (text,) = [each for each in file_of_cohort if each.startswith(("Export all ", "Export these "))]
    n = int(re.findall(r"(\d+) of 40 people", said(at))[0])
    lines = text.splitlines()[1:]
    assert len(lines) == n + 1 and n > 1
    for each in reference.characteristics().values():
        assert f'"{each.label}"' in lines[0]
    assert ('"Surname"' in lines[0]) == ('"Date of birth"' in lines[0]) == (not hide)
    assert '"UPN"' in lines[0] and all('"Sex: Female"' in line for line in lines[1:])


def test_chips_show_each_choice_and_remove_it(open_page: Open) -> None:
    at = open_page("cohort", "clean")
    assert not [button for button in at.button if button.label.startswith("Remove: ")]
    at.multiselect(key="f_sex").set_value(["F", "M"])
    at.multiselect(key="f_without").set_value(["need2"]).run()
    chips = {button.label: button for button in at.button if button.label.startswith("Remove: ")}
    assert set(chips) == {
        "Remove: Sex Female", "Remove: Sex Male", "Remove: Secondary need not recorded, excluded",
    }  # fmt: skip
    chips["Remove: Sex Male"].click().run()
    assert at.multiselect(key="f_sex").value == ["F"]
    chips = {button.label: button for button in at.button if button.label.startswith("Remove: ")}
    chips["Remove: Secondary need not recorded, excluded"].click().run()
    assert at.multiselect(key="f_without").value == []
    at.multiselect(key="f_age").set_value(["5", "6", "7", "8", "9"]).run()
    (many,) = [button for button in at.button if button.label.startswith("Remove: Age")]
    assert many.label.replace("\\", "") == "Remove: Age (5 of 28)"
    many.click().run()
    assert at.multiselect(key="f_age").value == []


def test_chips_are_on_every_page_of_figures(open_page: Open) -> None:
    for page in ("summary", "headlines", "timeliness", "requests", "placements", "pupil_groups"):
        at = open_page(page, "clean", {"f_sex": "Female"})
        assert "Remove: Sex Female" in [button.label for button in at.button], page


@pytest.mark.parametrize("page", ["cohort", "pupil_groups"])
def test_filters_that_leave_nobody_say_so(open_page: Open, page: str) -> None:
    at = open_page(page, "clean")
    at.multiselect(key="f_sex").set_value(["U"]).run()
    assert "Nobody in this return matches the filters" in said(at)
    assert not at.dataframe
    assert not at.exception


@pytest.mark.parametrize("page", ["cohort", "pupil_groups"])
def test_for_sharing_counts_are_rounded_and_lists_left_out(open_page: Open, page: str) -> None:
    at = open_page(page, "clean")
    at.toggle(key="ui_sharing").set_value(True).run()
    assert "Counts are rounded to the nearest 5" in said(at)
    assert "Share figures for one choice of filters only" in said(at)
    if page == "cohort":
        at.toggle(key="cohort_caseload_need_table").set_value(True).run()
        texts = at.table[0].value["Value"].str.replace("\\", "")
        assert len(texts) and all(int(text.split()[0]) % 5 == 0 for text in texts)
        assert not at.dataframe
        assert not {"cohort_export", "cohort_upns"} & {each.key for each in at.get("download_button")}
        at.session_state["ui_people_asked"] = ("cohort_caseload_need", "ASD")
        at.run()
        assert not at.dataframe, "there is no dialog"
    else:
        assert not [button for button in at.button if str(button.key).startswith("pupil_groups_people_")]
        assert not at.dataframe
    choosers = {"cohort_caseload_need_list"}
    assert not choosers & {each.key for each in at.selectbox}, "there are no lists of people to choose"
