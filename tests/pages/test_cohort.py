"""What the pages on the cohort and on pupil groups say, and the people that they open."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from sen2dash import reference
from sen2dash.analysis import cohort, pupil_groups
from sen2dash.charts.pieces import PICK
from sen2dash.checks import catalogue
from sen2dash.checks.masking import HIDDEN
from sen2dash.indicators import figures
from tests.pages.conftest import Open
from tests.pages.test_pages import Reports, words

EVERYONE = figures.Selection(n=40, n_all=40)


def said(at: AppTest) -> str:
    """All text of a page, without the characters that escape Markdown."""
    return words(at).replace("\\", "")


@pytest.mark.parametrize("state", ["clean", "dirty"])
def test_the_cohort_says_how_many_of_how_many_and_its_table_holds_every_number(
    open_page: Open, reports: Reports, state: str
) -> None:
    report, _ = reports[state]
    at = open_page("cohort", state)
    assert at.title[0].value == "Cohort"
    assert "40 of 40 people" in said(at)
    assert "All: 40 people" in said(at)
    at.toggle(key="cohort_people_need_table").set_value(True).run()
    found = cohort.break_down(report, "people", "need", EVERYONE)
    assert list(at.table[0].value["Value"].str.replace("\\", "")) == [line.text for line in found.lines]


def test_plans_are_compared_with_england_and_the_region(open_page: Open) -> None:
    at = open_page("cohort", "dirty")
    assert "To compare with England" in said(at)
    at.segmented_control(key="cohort_base").set_value("caseload").run()
    assert "Marks: shares in England and" in said(at) and "January 2025" in said(at)
    assert "To compare with England" not in said(at)
    at.toggle(key="cohort_caseload_need_table").set_value(True).run()
    assert "England" in at.table[0].value.columns


def test_every_characteristic_can_be_shown(open_page: Open) -> None:
    at = open_page("cohort", "clean")
    assert len(at.selectbox(key="cohort_characteristic").options) == len(reference.characteristics())
    for name in ("group", "age", "ethnicity", "place", "budget"):
        at.selectbox(key="cohort_characteristic").set_value(name).run()
        assert not at.exception
        assert at.subheader[0].value.startswith(reference.characteristics()[name].label)
    assert "register of establishments" not in said(at)
    at.selectbox(key="cohort_characteristic").set_value("place_group").run()
    assert "register of establishments" in said(at)


def test_a_bar_lists_its_people_and_a_row_opens_one(open_page: Open, reports: Reports) -> None:
    report, _ = reports["dirty"]
    line = cohort.break_down(report, "people", "sex", EVERYONE).lines[0]
    at = open_page("cohort", "dirty")
    at.selectbox(key="cohort_characteristic").set_value("sex").run()
    at.selectbox(key="cohort_people_sex_chosen").set_value(line.key).run()
    people = cohort.people(report, "people", {"sex": line.key}, EVERYONE)
    assert list(at.dataframe[0].value["Person"]) == people["person_id"].to_pylist()
    assert f"{line.number} of 40 people shown." in said(at)
    at.session_state[f"cohort_list_people_sex_{line.key}_people_1"] = {
        "selection": {"rows": [1], "columns": [], "cells": []}
    }
    at.run()
    assert at.title[0].value.startswith(f"Person {people['person_id'][1].as_py()}")


def test_names_in_the_list_are_hidden_on_demand(open_page: Open) -> None:
    at = open_page("cohort", "dirty")
    at.selectbox(key="cohort_people_need_chosen").set_value("ASD").run()
    assert HIDDEN not in set(at.dataframe[0].value["Surname"])
    at.toggle(key="ui_hide_names").set_value(True).run()
    assert set(at.dataframe[0].value["Surname"]) == {HIDDEN}


def test_secondary_needs_stand_beside_primary_needs(open_page: Open, reports: Reports) -> None:
    report, _ = reports["clean"]
    at = open_page("cohort", "clean")
    at.segmented_control(key="cohort_view").set_value("needs").run()
    assert "Bars: primary need; marks: secondary need" in said(at)
    at.selectbox(key="cohort_people_needs_chosen").set_value("SLCN").run()
    at.segmented_control(key="cohort_need_as").set_value("need2").run()
    people = cohort.people(report, "people", {"need2": "SLCN"}, EVERYONE)
    assert f"{len(people)} of 40 people shown." in said(at)
    assert "Secondary need: Speech" in said(at)


def test_a_cell_of_the_heat_map_lists_its_people(open_page: Open, reports: Reports) -> None:
    report, _ = reports["clean"]
    at = open_page("cohort", "clean")
    at.segmented_control(key="cohort_view").set_value("grid").run()
    at.selectbox(key="cohort_columns").set_value("phase").run()
    grid = cohort.cross(report, "people", "need", "phase", EVERYONE)
    chart = cohort.heat_map(grid, "need", "phase", "people", EVERYONE, as_share=False)
    key, label = chart.choices[0]
    at.session_state["cohort_people_need_phase_chart"] = {"selection": {PICK: [{"key": key}]}}
    at.selectbox(key="cohort_people_need_phase_chosen").set_value(key).run()
    n = int(label.rsplit(": ", 1)[1])
    assert len(at.dataframe[0].value) == n
    at.segmented_control(key="cohort_cells").set_value(True).run()
    assert "Share of each row" in said(at)


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
        at.toggle(key="cohort_people_need_table").set_value(True).run()
        texts = at.table[0].value["Value"].str.replace("\\", "")
        assert len(texts) and all(int(text.split()[0]) % 5 == 0 for text in texts)
        assert not at.dataframe
    else:
        numbers = at.dataframe[0].value["Number"]
        assert len(numbers) > 1 and all(text == "c" or int(text) in range(10, 41, 5) for text in numbers)
        assert len(at.dataframe) == 1
    choosers = {"cohort_people_need_chosen", "pupil_groups_row"}
    assert not choosers & {each.key for each in at.selectbox}, "there are no lists of people to choose"


def test_pupil_groups_show_a_measure_by_two_characteristics(open_page: Open, reports: Reports) -> None:
    report, _ = reports["dirty"]
    at = open_page("pupil_groups", "dirty")
    assert at.header[0].value == "Requests received in the year by age when the request was received"
    at.selectbox(key="pupil_groups_measure").set_value("requests_refused").run()
    at.selectbox(key="pupil_groups_first").set_value("ethnic_group").run()
    at.selectbox(key="pupil_groups_second").set_value("sex").run()
    indicator = catalogue.indicator("requests_refused")
    rates: tuple[tuple[pupil_groups.Rate, str], ...] = (
        ("records", "counts twice"),
        ("children", "each child counts once"),
        ("share", "make 100%"),
    )
    for rate, says in rates:
        at.segmented_control(key="pupil_groups_rate").set_value(rate).run()
        found = pupil_groups.table(report, indicator, rate, ("ethnic_group", "sex"), EVERYONE)
        shown = at.dataframe[0].value
        assert list(shown["Number"]) == [row.value.numerator for row in found.rows]
        assert list(shown["Share" if rate == "share" else "Rate"]) == [row.value.rate_text for row in found.rows]
        assert says in said(at)
    assert at.selectbox(key="pupil_groups_second").options.count("Ethnic group") == 0


def test_a_cell_of_pupil_groups_opens_its_people(open_page: Open, reports: Reports) -> None:
    report, _ = reports["dirty"]
    at = open_page("pupil_groups", "dirty")
    at.selectbox(key="pupil_groups_measure").set_value("requests_refused").run()
    found = pupil_groups.table(report, catalogue.indicator("requests_refused"), "records", ("age_group",), EVERYONE)
    row = found.rows[1]
    at.selectbox(key="pupil_groups_row").set_value(row.keys).run()
    assert len(at.dataframe) == 2 or not row.value.numerator
    at.segmented_control(key="pupil_groups_part").set_value("denominator").run()
    people = pupil_groups.people(report, found, row, "denominator", EVERYONE)
    assert list(at.dataframe[1].value["Person"]) == people["person_id"].to_pylist()
    assert len(people) == row.value.denominator
    assert row.label in at.subheader[0].value


def test_the_same_characteristic_is_not_taken_twice(open_page: Open) -> None:
    at = open_page("pupil_groups", "clean")
    at.selectbox(key="pupil_groups_second").set_value("sex").run()
    at.selectbox(key="pupil_groups_first").set_value("sex").run()
    assert not at.exception
    assert at.selectbox(key="pupil_groups_second").value is None
    assert at.header[0].value.endswith("by sex")


def test_residents_are_shown_for_the_three_measures_that_have_such_a_rate(open_page: Open) -> None:
    at = open_page("pupil_groups", "clean")
    with_rate = []
    for name in pupil_groups.FIRST:
        at.selectbox(key="pupil_groups_measure").set_value(name).run()
        if "per 10,000 residents aged 0 to 17" in said(at):
            assert "Our own calculation" in said(at)
            with_rate.append(name)
    assert with_rate == ["requests_received", "new_plans", "caseload"]
