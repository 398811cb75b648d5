"""Requests and plans by category: each bar matches the indicators and its own people, and small numbers are hidden."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from sen2dash.analysis import panels, phase_transfers, placements, requests
from sen2dash.analysis.panels import Panel, Stage
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.indicators import figures
from sen2dash.indicators.figures import Selection
from sen2dash.indicators.filters import choose
from sen2dash.model import Cohort
from sen2dash.sample.generate import sample_bytes

SETTINGS = Settings(now=datetime(2025, 2, 1, 12, 0))
PANELS = [panel for topic in (*requests.TOPICS, *placements.TOPICS) for panel in topic.panels]
WAY = (
    Stage("all", "All", (("no", "No"), ("wait", "Wait"))),
    Stage("some", "Some", (("late", "Late"),)),
    Stage("done", "Done"),
)


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    made = build_report(sample_bytes(persons=400, seed=11, year=2025), SETTINGS, only=())
    # Tests read its tables in any order, also before a figure makes them.
    made.store.derive_indicators()
    yield made
    made.close()


def panel(key: str) -> Panel:
    return next(each for each in PANELS if each.key == key)


def selection(report: Report, cohort: Cohort | None = None, threshold: int = 0) -> Selection:
    chosen = cohort or Cohort()
    return Selection(chosen, (), 400, 400, threshold)


def number(text: str) -> int:
    """The count in '65 (12.4%)' or in '12.4% (65 of 524)'."""
    first = text.split("(")[1].split(" of ", maxsplit=1)[0] if " of " in text else text.split(" ", maxsplit=1)[0]
    return int(first.replace(",", ""))


# -- steps ------------------------------------------------------------------------------------------------


def test_steps_count_who_comes_this_far_and_who_stops() -> None:
    rows = panels.steps(WAY, {"no": 10, "late": 30, "done": 60}, 0)
    assert [(row.key, row.text, row.is_faint) for row in rows] == [
        ("all", "100 (100.0%)", False),
        ("no", "10 (10.0%)", True),
        ("some", "90 (90.0%)", False),
        ("late", "30 (30.0%)", True),
        ("done", "60 (60.0%)", False),
    ]
    assert panels.reached(WAY, "all") == ["no", "wait", "late", "done"]
    assert panels.reached(WAY, "some") == ["late", "done"]
    assert panels.reached(WAY, "done") == ["done"]
    assert panels.reached(WAY, "wait") == ["wait"]


def test_steps_and_parts_of_nobody_are_nothing_to_show() -> None:
    assert panels.steps(WAY, {}, 0) == panels.parts({"a": "A"}, {}, 0) == panels.overlapping({"a": "A"}, {}, 0, 0) == ()
    assert panels.steps(WAY, {"no": 7}, 5) == panels.parts({"a": "A"}, {"a": 7}, 5) == ()
    assert panels.overlapping({"a": "A"}, {"a": 1}, 7, 5) == ()


def test_for_sharing_steps_are_rounded_and_small_stops_left_out() -> None:
    rows = panels.steps(WAY, {"no": 13, "wait": 7, "late": 8, "done": 63}, 5)
    assert [(row.key, row.text, row.value) for row in rows] == [
        ("all", "90 (100.0%)", 1),
        ("no", "15 (16.7%)", 15 / 90),
        ("some", "70 (77.8%)", 70 / 90),
        ("late", "10 (11.1%)", 10 / 90),
        ("done", "65 (72.2%)", 65 / 90),
    ]
    assert [row.text for row in panels.steps(WAY, {"no": 50, "done": 7}, 5)] == ["55 (100.0%)", "50 (90.9%)", "c", "c"]


def test_for_sharing_rounded_parts_of_a_stack_can_be_more_than_their_whole() -> None:
    labels, segments = {"a": "A", "b": "B"}, {"x": "X", "y": "Y", "z": "Z"}
    table = {"a": {"x": 8, "y": 8, "z": 8}, "b": {"x": 7}}
    chart = panels.stacked(("Title", "Unit", "Row"), labels, segments, table, 5)
    assert chart.rows == (("A (25)", "10 (40.0%)", "10 (40.0%)", "10 (40.0%)"),), "few are left out like nobody"
    bars = chart.picture.to_dict()["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert bars == pytest.approx([0, 1.2]), "and the last part is drawn whole"
    exact = panels.stacked(("Title", "Unit", "Row"), labels, segments, table, 0)
    assert [row[0] for row in exact.rows] == ["A (24)", "B (7)"]


# -- panels compared with indicators and lists --------------------------------------------------------------


def test_requests_agree_with_the_indicators(report: Report) -> None:
    indicators = figures.Figures(report).results
    rows = dict(panel("flow").draw(report, selection(report), "").rows)
    received = indicators["requests_received"].numerator
    assert number(rows["Requests received"]) == received == len(requests.received(report, Cohort()))
    outcomes = {row[0]: number(row[1]) for row in panel("outcomes").draw(report, selection(report), "").rows}
    assert [outcomes[requests.OUTCOMES[key]] for key in "YNAW"] == [
        indicators[requests.OUTCOME_INDICATORS[key]].numerator for key in "YNAW"
    ]
    after = {row[0]: number(row[1]) for row in panel("after").draw(report, selection(report), "").rows}
    assert after["Mediation"] <= indicators["mediation_request"].numerator


@pytest.mark.parametrize("decision", ["assess", "issue", "other"])
def test_challenges_agree_with_the_indicators(report: Report, decision: str) -> None:
    indicators = figures.Figures(report).results
    name = {"assess": "request", "issue": "assessment", "other": "other"}[decision]
    sizes = {kind: len(requests._challenged(report, selection(report), decision, kind)) for kind in requests.CHALLENGES}
    assert sizes["mediation"] + sizes["both"] == indicators[f"mediation_{name}"].numerator
    assert sizes["tribunal"] + sizes["both"] == indicators[f"tribunal_{name}"].numerator


def test_plans_agree_with_the_indicators(report: Report) -> None:
    indicators = figures.Figures(report).results
    rows = {row[0]: number(row[1]) for row in panel("reviews").draw(report, selection(report), "").rows}
    assert rows["Annual reviews expected"] == indicators["reviews_expected"].numerator
    assert rows["Review meeting recorded"] == indicators["reviews_held"].numerator
    assert rows["Family told the outcome"] == indicators["review_decisions_within_4_weeks"].denominator
    assert rows["Family told within 4 weeks"] == indicators["review_decisions_within_4_weeks"].numerator
    due = [len(phase_transfers._due(report, selection(report), key)) for key in phase_transfers.DEADLINES]
    assert sum(due) == indicators["phase_transfer_plans_on_time"].denominator
    places = {row[0]: number(row[1]) for row in panel("kinds_of_placement").draw(report, selection(report), "").rows}
    residential = places["Residential, 38 to 51 weeks"] + places["Residential, 52 weeks"]
    assert residential == indicators["residential"].numerator
    assert places["SEN unit"] == indicators["sen_unit"].numerator
    work = sum(count for label, count in places.items() if label.startswith("Work-based"))
    assert work == indicators["work_based_learning"].numerator
    assert places["No placement open on census day"] == indicators["placement_not_recorded"].numerator
    budgets = {
        row[0]: number(row[1]) for row in panel("kinds_of_personal_budget").draw(report, selection(report), "").rows
    }
    assert budgets["Personal budget taken up"] == indicators["personal_budgets"].numerator
    out = [number(row[1]) for row in panel("what_is_recorded_instead").draw(report, selection(report), "").rows]
    assert sum(out) == indicators["not_in_education"].numerator


@pytest.mark.sampled(3)
@pytest.mark.parametrize("cohort", [Cohort(), choose({"sex": ["F"]})], ids=["everyone", "girls"])
@pytest.mark.parametrize("each", PANELS, ids=lambda each: each.key)
def test_every_bar_lists_as_many_people_as_it_says(report: Report, each: Panel, cohort: Cohort) -> None:
    chosen = selection(report, cohort)
    everyone = {row["person_id"] for row in report.store.rows("select person_id from profile where sex = 'F'")}
    for by in each.by or ("",):
        chart = each.draw(report, chosen, by)
        texts = {row[0]: row[1:] for row in chart.rows}
        for key, label in chart.choices:
            found = each.find(report, chosen, by, key)
            assert {"person_id", "surname", "forename", "birth_date", "upn", *found.extra.values()} <= set(
                found.rows.column_names
            )
            if cohort.chosen:
                assert set(found.rows["person_id"].to_pylist()) <= everyone
            if label in texts:
                assert len(found.rows) == number(texts[label][0])
            else:
                assert len(found.rows) > 0


def test_the_year_of_an_item_is_said() -> None:
    made = build_report(sample_bytes(persons=30, seed=3, year=2024), SETTINGS, only=())
    chart = panel("sources").draw(made, selection(made), "")
    assert "Returns have included RequestSource since 2025" in chart.subtitle
    made.close()


def test_an_empty_return_has_nothing_to_show() -> None:
    made = build_report(sample_bytes(persons=0, seed=3, year=2025), SETTINGS, only=())
    for each in PANELS:
        for by in each.by or ("",):
            chart = each.draw(made, selection(made), by)
            assert all(not text.strip("0 ") or "no cases" in text for row in chart.rows for text in row[1:2])
    made.close()
