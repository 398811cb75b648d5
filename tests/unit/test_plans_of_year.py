"""The bridge of the plans of the year adds up, agrees with the indicators, and with a calculation of its own in Python."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from sen2dash import reference
from sen2dash.analysis import plans_of_year
from sen2dash.analysis.plans_of_year import IN_YEAR, MOVEMENTS
from sen2dash.charts.bridge import BridgeStep, bridge
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.indicators import figures
from sen2dash.indicators.figures import Figures, Selection
from sen2dash.indicators.filters import EVERYONE
from sen2dash.sample.generate import sample_bytes
from tests import casebook
from tests.indicators.recompute import Case, blank, item, read_cases, real

#: The days of a plan, its outcome and authority, and how it came to be open and how it ended.
PLANS = (
    ("2023-12-31", "", "", "", "before", "open"),
    ("2023-12-31", "2024-01-01", "", "", "before", "ceased"),
    ("2023-12-31", "2024-12-31", "", "", "before", "ceased"),
    ("2023-12-31", "2025-01-01", "", "", "before", "ceased_january"),
    ("2023-12-31", "2025-01-16", "", "", "before", "ceased_january"),
    ("2023-12-31", "2025-01-17", "", "", "before", "open"),
    ("2023-12-31", "2023-12-31", "", "", "earlier", None),
    ("2023-12-31", "soon", "", "", "no_cease", None),
    ("2024-01-01", "", "", "", "new", "open"),
    ("2024-12-31", "2024-12-31", "", "", "new", "ceased"),
    ("2024-12-31", "2024-12-30", "", "", "new", "bad_cease"),
    ("2024-12-31", "soon", "", "", "new", "bad_cease"),
    ("2024-06-01", "", "H", "", "historical", "open"),
    ("2024-06-01", "", "H", "330", "transferred_in", "open"),
    ("2025-01-01", "", "", "", "started_january", "open"),
    ("2025-01-16", "2025-01-16", "", "", "started_january", "ceased_january"),
    ("2025-01-17", "", "", "", "later", None),
    ("", "2024-03-01", "", "", "no_start", None),
    ("never", "", "", "", "no_start", None),
)


def drawn(rows: list[tuple[Any, ...]], *names: str) -> str:
    return "\n".join(" | ".join(map(str, row)) for row in [names, *rows])


def test_a_plan_is_in_one_part_of_each_side() -> None:
    places = range(1, len(PLANS) + 1)
    given = {
        "requests": drawn([(n, n) for n in places], "row_id", "person_id"),
        "assessment": drawn(
            [(n, n, plan[2]) for n, plan in enumerate(PLANS, 1)], "row_id", "requests_id", "assessment_outcome"
        ),
        "namedplan": drawn(
            [(n, n, *plan[:2]) for n, plan in enumerate(PLANS, 1)],
            *("row_id", "assessment_id", "start_date", "cease_date"),
        ),
        "activeplans": drawn(
            [(n, n, plan[3]) for n, plan in enumerate(PLANS, 1)], "row_id", "requests_id", "transfer_la"
        ),
    }
    store = casebook.make_store({"given": given})
    store.derive_indicators()
    found = store.rows("select came, went from plan_movement order by namedplan_id")
    assert [(row["came"], row["went"]) for row in found] == [plan[4:] for plan in PLANS]
    store.close()


def test_of_two_active_plans_of_a_person_one_is_the_second() -> None:
    given = {
        "requests": "row_id | person_id\n1 | 1\n2 | 1",
        "assessment": "row_id | requests_id\n1 | 1\n2 | 2",
        "namedplan": "row_id | assessment_id | start_date | cease_reason\n1 | 1 | 2020-01-01 |\n2 | 2 | 2024-01-01 | 5",
    }
    store = casebook.make_store({"given": given})
    store.derive_indicators()
    found = store.rows("select came, went from plan_movement order by namedplan_id")
    assert [(row["came"], row["went"]) for row in found] == [("before", "second"), ("new", "open")]
    store.close()


@pytest.fixture(scope="module", params=[0, 120])
def report(request: pytest.FixtureRequest) -> Iterator[Report]:
    data = sample_bytes(persons=600, seed=5, defects=request.param, year=2025)
    made = build_report(data, Settings(now=casebook.NOW), only=())
    yield made
    made.close()


def again(report: Report) -> Counter[str]:
    """The bars in plain Python from the texts of the return: days are counted, not views read."""
    year = report.collection.year - 1
    first, last, census = date(year, 1, 1), date(year, 12, 31), report.collection.census_date
    count: Counter[str] = Counter()

    def is_open(case: Case, day: date) -> bool:
        start, cease = real(case.plan, "start_date"), real(case.plan, "cease_date")
        return bool(start and start <= day and (blank(case.plan, "cease_date") or (cease and cease > day)))

    for cases in read_cases(report.store).values():
        active = [case for case in cases if is_open(case, census)]
        for case in cases:
            if case.plan is None:
                continue
            start, cease = real(case.plan, "start_date"), real(case.plan, "cease_date")
            if start is None or start > census:
                count["no_start" if start is None else "later"] += 1
                continue
            if start < first and not is_open(case, first - timedelta(days=1)):
                count["no_cease" if cease is None else "earlier"] += 1
                continue
            if start < first:
                count["before"] += 1
            elif start > last:
                count["started_january"] += 1
            elif item(case.active, "transfer_la"):
                count["transferred_in"] += 1
            else:
                count["historical" if item(case.assessment, "assessment_outcome") == "H" else "new"] += 1
            if case in active:
                continue
            if cease is None or cease < start:
                count["bad_cease"] += 1
            elif cease > last:
                count["ceased_january"] += 1
            else:
                count["transferred_out" if item(case.plan, "cease_reason") == "5" else "ceased"] += 1
        count["open"] += bool(active)
        count["second"] += max(len(active) - 1, 0)
    return count


def test_the_bridge_is_that_of_plain_python_and_adds_up(report: Report) -> None:
    found = plans_of_year.numbers(report, EVERYONE)
    expected = again(report)
    assert found == {key: expected[key] for key in MOVEMENTS}
    came = sum(found[key] for key, each in MOVEMENTS.items() if each.kind == "in") + found["before"]
    assert came - sum(found[key] for key, each in MOVEMENTS.items() if each.kind == "out") == found["open"] > 100
    aside = sum(found[key] for key, each in MOVEMENTS.items() if each.kind == "aside")
    assert came + aside == report.store.value("select count(*) as n from namedplan")


def test_the_bridge_agrees_with_the_indicators(report: Report) -> None:
    found, results = plans_of_year.numbers(report, EVERYONE), Figures(report).results
    assert found["open"] == results["caseload"].numerator
    assert found["new"] == results["new_plans"].numerator
    assert sum(found[key] for key in IN_YEAR) == Figures(report).further("plans_in_year").numerator
    assert "plans_in_year" not in results


@pytest.mark.parametrize("chosen", [{}, {"sex": ["F"]}, {"need": ["ASD", "none"]}])
def test_a_bar_lists_its_plans(report: Report, chosen: dict[str, list[str]]) -> None:
    selection = figures.select(report, figures.choose(chosen))
    chart = plans_of_year.draw(report, selection)
    assert chart.choices and "EHCP total" in chart.subtitle
    found = plans_of_year.numbers(report, selection.cohort)
    for (key, label), row in zip(chart.choices, chart.rows, strict=True):
        people = plans_of_year.find(report, selection, "", key)
        assert row[:2] == (label, f"{found[key]:,}")
        assert len(people.rows) == found[key]
    kept = {key for key, each in MOVEMENTS.items() if not each.is_rare or found[key]}
    assert {key for key, _ in chart.choices} == kept


def test_rates_are_of_all_residents_of_the_authority(report: Report) -> None:
    chart = plans_of_year.draw(report, figures.select(report))
    residents = reference.residents_0_17()[report.collection.lea or "", 2024]
    found = plans_of_year.numbers(report, EVERYONE)
    rates = {row[0]: row[2] for row in chart.rows}
    assert rates["Open on census day"] == f"{10_000 * found['open'] / residents:,.1f} per 10,000"
    assert "mid-2024" in chart.subtitle


def test_for_sharing_counts_are_rounded_and_small_ones_hidden(report: Report) -> None:
    chart = plans_of_year.draw(report, figures.select(report, is_sharing=True))
    found = plans_of_year.numbers(report, EVERYONE)
    numbers = dict(zip((key for key, _ in chart.choices), (row[1] for row in chart.rows), strict=True))
    for key, text in numbers.items():
        assert text == ("c" if found[key] < 8 else f"{(found[key] + 2) // 5 * 5:,}"), key
    assert all(numbers[key] != "c" for key in numbers if MOVEMENTS[key].is_rare)
    for row in chart.rows:
        assert bool(row[2]) == (row[1] != "c"), "a rate would give a hidden count away"


def test_nobody_has_no_bridge(report: Report) -> None:
    chart = plans_of_year.draw(report, Selection(figures.choose({"age": ["26"]}), n=0, n_all=1))
    assert not chart.rows


def test_a_bar_begins_where_the_one_above_ended() -> None:
    steps = [
        BridgeStep("a", "Before", "total", 100, "100"),
        BridgeStep("b", "Started", "in", 30, "30", "1.0 per 10,000"),
        BridgeStep("c", "Hidden", "in", None, "c"),
        BridgeStep("d", "Ceased", "out", 50, "50"),
        BridgeStep("e", "Now", "total", 80, "80"),
        BridgeStep("f", "Aside", "aside", 5, "5"),
    ]
    picture = bridge("Plans", "", ("Step", "Plans", "Rate"), steps).picture.to_dict()
    (rows,) = picture["datasets"].values()
    assert [(row["start"], row["end"]) for row in rows] == [
        (0, 100),
        (100, 130),
        (130, 130),
        (80, 130),
        (0, 80),
        (0, 5),
    ]
    assert [row["bar_text"] for row in rows] == ["100", "+30 (1.0 per 10,000)", "c", "\u221250", "80", "5"]
