"""Assessments within 16 weeks: all of them, of which the DfE's figure is one part."""

from collections.abc import Iterator

import pytest

from sen2dash.analysis import sixteen_weeks
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.indicators import figures
from sen2dash.indicators.filters import EVERYONE
from sen2dash.indicators.suppression import HIDDEN
from sen2dash.sample.generate import sample_bytes
from tests import casebook
from tests.indicators.recompute import item, read_cases


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    data = sample_bytes(persons=700, seed=3, defects=150, year=2025)
    made = build_report(data, Settings(now=casebook.NOW), only=())
    yield made
    made.close()


def again(report: Report) -> dict[str, tuple[int, int]]:
    """Numerator and denominator of each bar in plain Python, from the texts of the return."""
    year = report.collection.year - 1
    took = {"Y": [], "N": []}  # type: dict[str, list[int]]
    for cases in read_cases(report.store).values():
        for case in cases:
            decided = case.decided()
            if decided is not None and decided.year == year and case.received is not None:
                took[item(case.assessment, "assessment_outcome") or ""].append((decided - case.received).days)
    of = {"all": took["Y"] + took["N"], "issue": took["Y"], "not_issue": took["N"]}
    return {key: (sum(days <= 112 for days in each), len(each)) for key, each in of.items()}


def test_the_bars_are_those_of_plain_python_and_add_up(report: Report) -> None:
    found = sixteen_weeks.timed(report, figures.select(report))
    counts = {key: (each.value.numerator, each.value.denominator) for key, each in found.items()}
    assert counts == again(report)
    assert counts["all"] == tuple(
        a + b for a, b in zip(again(report)["issue"], again(report)["not_issue"], strict=True)
    )
    assert len(found["all"].rows) > len(found["not_issue"].rows) > 5


def test_the_last_bar_is_the_indicator(report: Report) -> None:
    found = sixteen_weeks.timed(report, figures.select(report))["not_issue"].value
    assert found == figures.Figures(report).values[sixteen_weeks.INDICATOR]


def test_what_has_no_date_received_is_left_out_and_counted(report: Report) -> None:
    every = sixteen_weeks.completed(report, EVERYONE)
    assert len(every) == figures.Figures(report).results["assessments_completed"].numerator
    n_undated = len(every) - len(sixteen_weeks.timed(report, figures.select(report))["all"].rows)
    (panel,) = sixteen_weeks.TOPIC.panels
    chart = panel.draw(report, figures.select(report), "")
    said = f"has no date received: {n_undated}." in chart.subtitle
    assert said == bool(n_undated)
    wanted = again(report)
    for key, label in chart.choices:
        people = panel.find(report, figures.select(report), "", key)
        kind, _, part = key.partition("/")
        within, whole = wanted[kind]
        assert label.lower().partition(":")[0] in people.title
        assert len(people.rows) == {"": whole, "within": within, "later": whole - within}[part]
    labels = [row[0] for row in chart.rows]
    assert labels == [f"{kind.label} ({wanted[key][1]})" for key, kind in sixteen_weeks.KINDS.items()]
    assert "Published: England, 2024: " in chart.subtitle


def test_an_assessment_is_in_time_on_day_112() -> None:
    given = {
        "requests": "row_id | person_id | received_date\n1 | 1 | 2024-01-01\n2 | 2 | 2024-01-01\n3 | 3 |",
        "assessment": "row_id | requests_id | assessment_outcome | assessment_outcome_date\n"
        "1 | 1 | N | 2024-04-22\n2 | 2 | N | 2024-04-23\n3 | 3 | N | 2024-04-23",
    }
    store = casebook.make_store({"given": given}, Settings(now=casebook.NOW))
    made = Report(store, None, store.collection, (), {}, {})  # type: ignore[arg-type]
    rows = {row["row_id"]: row for row in sixteen_weeks.completed(made, EVERYONE).to_pylist()}
    assert {key: (row["is_timed"], row["is_within"], row["days"]) for key, row in rows.items()} == {
        1: (True, True, 112),
        2: (True, False, 113),
        3: (False, False, None),
    }
    store.close()


def test_the_sentence_names_both_bases(report: Report) -> None:
    within, whole = again(report)["all"]
    said = sixteen_weeks.sentence(report, figures.select(report))
    assert "decisions not to issue alone" in said
    assert f"({within} of {whole})" in said
    shared = figures.select(report, figures.choose({"age": ["25"]}), is_sharing=True)
    assert sixteen_weeks.timed(report, shared)["all"].value.rate is HIDDEN
