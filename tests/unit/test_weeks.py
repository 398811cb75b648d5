"""Mean weeks to issue a plan, requests by source and phase transfers by year, compared with the published figures."""

from collections.abc import Iterator
from typing import Any

import pytest

from sen2dash.analysis import phase_transfers, plans_of_caseload, requests, weeks
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.indicators import figures
from sen2dash.indicators.filters import EVERYONE
from sen2dash.reference import published
from sen2dash.sample.generate import sample_bytes
from tests import casebook
from tests.indicators.recompute import read_cases, yes


def build(year: int = 2026, persons: int = 400, **settings: Any) -> Report:
    made = sample_bytes(persons, seed=5, defects=40, year=year)
    return build_report(made, Settings(now=casebook.NOW, **settings), only=())


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    built = build()
    yield built
    built.close()


def recomputed(report: Report) -> dict[str, tuple[int, list[int]]]:
    """Plans and their days by indicator, from the texts of the return."""
    found: dict[str, tuple[int, list[int]]] = {name: (0, []) for name in weeks.MEANS}
    with_challenged = report.store.settings.include_challenged
    for cases in read_cases(report.store).values():
        for case in cases:
            day = case.decided()
            if case.assessment is None or case.assessment["assessment_outcome"] != "Y" or day is None:
                continue
            if day.year != report.collection.year - 1 or (case.challenged() and not with_challenged):
                continue
            for name, (n, days) in found.items():
                if name == "plans_within_20_weeks" and yes(case.assessment, "week20"):
                    continue
                took = [(day - case.received).days] if case.received is not None else []
                found[name] = (n + 1, days + [each for each in took if each >= 0])
    return found


@pytest.mark.parametrize(
    ("year", "settings"), [(2023, {}), (2025, {}), (2026, {"include_challenged": True, "twenty_weeks_days": 139})]
)
def test_the_mean_is_that_of_a_recomputation(year: int, settings: dict[str, Any]) -> None:
    report = build(year, **settings)
    try:
        found = weeks.means(report, EVERYONE)
        for name, (n, days) in recomputed(report).items():
            assert (found[name].n_plans, found[name].n_timed) == (n, len(days))
            assert found[name].n_plans == figures.Figures(report).results[name].denominator
            assert found[name].weeks == pytest.approx(sum(days) / len(days) / 7)
        bases = [found[name] for name in weeks.MEANS]
        assert bases[0].n_plans < bases[1].n_plans and bases[0].weeks != bases[1].weeks
    finally:
        report.close()


def test_the_table_names_whose_mean_and_when(report: Report) -> None:
    found = weeks.table(report, figures.select(report))
    assert found.headings == ("Plans issued in the year", "Without exceptions", "Exceptions included")
    assert [row[0] for row in found.rows] == ["This return, 2025", "England, 2025", "West Midlands, 2025"]
    assert found.rows[1][1:] == ("24.0", "25.6")
    assert found.notes[-1].startswith("Source: ") and "reporting year 2026" in found.notes[-1]


def test_before_a_mean_was_published_only_the_own_is_there() -> None:
    report = build(2025, 60)
    found = weeks.table(report, figures.select(report))
    assert [row[0] for row in found.rows] == ["This return, 2024"]
    assert "No mean was published" in found.notes[-1]
    report.close()


def test_a_mean_of_few_plans_is_hidden_for_sharing(report: Report) -> None:
    keys = [part.keys[0] for part in figures.Figures(report).breakdown("plans_within_20_weeks", ["need"])]
    n_hidden = 0
    for key in keys:
        chosen = figures.choose({"need": [key]})
        selection = figures.select(report, chosen, is_sharing=True)
        means = weeks.means(report, chosen)
        for name, text in zip(weeks.MEANS, weeks.table(report, selection).rows[0][1:], strict=True):
            if means[name].n_timed < 8:
                assert text == figures.HIDDEN_TEXT
                n_hidden += 1
    assert n_hidden
    nobody = figures.select(report, figures.choose({"need": ["none"], "sex": ["U"]}))
    assert weeks.table(report, nobody).rows[0][1:] == (figures.NO_CASES, figures.NO_CASES)


@pytest.mark.parametrize(("n_all", "second"), [(40, "c"), (41, "c"), (47, "c"), (48, "22.0")])
def test_the_time_of_the_few_with_an_exception_does_not_follow(
    report: Report, monkeypatch: pytest.MonkeyPatch, n_all: int, second: str
) -> None:
    selection = figures.select(report, is_sharing=True)
    made = {
        "plans_within_20_weeks": weeks.Mean(40, 40, 20.0),
        "plans_within_20_weeks_all": weeks.Mean(n_all, n_all, 22.0),
    }
    monkeypatch.setattr(weeks, "means", lambda report, cohort: made)
    assert weeks.table(report, selection).rows[0][1:] == ("20.0", second)
    assert weeks.table(report, figures.select(report)).rows[0][1:] == ("20.0", "22.0")


# -- requests by source -----------------------------------------------------------------------------------


def test_who_asked_sums_to_the_requests_and_stands_beside_england(report: Report) -> None:
    selection = figures.select(report)
    chart = requests._draw_asked(report, selection, "")
    n = figures.Figures(report).results["requests_received"].numerator
    assert sum(int(text.split()[0].replace(",", "")) for _, text, *_ in chart.rows) == n
    england = {label: cells[0] for label, _, *cells in chart.rows}
    assert england["School or other education setting"] == f"{90_762 / 162_702:.1%}"
    assert england["Not recorded"] == f"{15_490 / 162_702:.1%}"
    assert "England, 2025" in chart.columns and "reporting year 2026" in chart.subtitle
    for key in requests.SOURCES:
        rows = requests._find_asked(report, selection, "", key).rows
        assert len(rows) == sum(requests._by_source(report, selection)[key].values())


def test_sources_show_the_same_numbers_in_both_charts(report: Report) -> None:
    selection = figures.select(report, is_sharing=True)
    asked = {label: text for label, text, *_ in requests._draw_asked(report, selection, "").rows}
    stacked = requests._draw_sources(report, selection, "").rows
    assert stacked
    for name, *_ in stacked:
        label, _, count = name.rpartition(" (")
        assert asked[label].startswith(count.rstrip(")")), name


def test_the_appeal_rate_is_that_of_one_method_and_says_so(report: Report) -> None:
    said = next(topic for topic in requests.TOPICS if topic.key == "challenges").lead(report)
    assert "England 6.6% in 2025, Sandwell 6.9% in 2025" in said
    assert "3.2%" in said and "Do not compare" in said
    assert "6.1%" not in said


# -- phase transfers --------------------------------------------------------------------------------------


def test_phase_transfers_by_year_and_the_published_shares(report: Report) -> None:
    selection = figures.select(report)
    chart = phase_transfers._draw_dated(report, selection, "")
    caseload = plans_of_caseload.caseload(report, EVERYONE).to_pylist()
    for (key, (_, column, after)), row in zip(phase_transfers.PHASE_DATES.items(), chart.rows, strict=True):
        days = [plan[column] for plan in caseload if plan[column] is not None]
        wanted = sum(day.year == report.collection.year - 1 + after for day in days)
        assert f"({wanted} of {len(caseload)})" in row[1]
        assert len(phase_transfers._find_dated(report, selection, "", key).rows) == wanted
    assert chart.rows[0][0] == "Due in 2025" and chart.rows[1][0] == "Due in 2026"
    assert chart.rows[1][2] == f"{142_257 / 718_838:.1%}"
    assert "England, 2025" in chart.columns and "first year in which" in chart.subtitle


def test_phase_transfers_of_a_return_before_they_were_published_have_no_marks() -> None:
    report = build(2025, 60)
    chart = phase_transfers._draw_dated(report, figures.select(report), "")
    assert not any("England" in column for column in chart.columns) and "Source" not in chart.subtitle
    report.close()


def test_what_is_published_of_phase_transfers() -> None:
    england = published.areas(None)[0]
    found = {
        name: published.series_figure(f"phase_transfers/{name}", england, 2026) for name in phase_transfers.PHASE_DATES
    }
    numbers = [each.number for each in found.values() if each is not None]
    assert numbers == [12_232, 142_257, 38_887, 602]
