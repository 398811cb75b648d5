"""Whatever the filters, the parts of every chart and table sum to its whole, and the whole is the headline figure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sen2dash import reference
from sen2dash.analysis import cohort as cohort_analysis
from sen2dash.analysis import (
    cohort_charts,
    earlier_years,
    one_indicator,
    placements,
    pupil_groups,
    requests,
    timeliness,
)
from sen2dash.analysis.panels import Panel
from sen2dash.charts.pieces import Chart
from sen2dash.checks import catalogue
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.indicators import figures
from sen2dash.indicators.figures import Figures, Selection
from sen2dash.model import Cohort
from sen2dash.reading.source import SourceText
from sen2dash.sample.generate import sample_bytes
from tests.charted import rows_of
from tests.unhidden import unhidden

SETTINGS = Settings(now=datetime(2026, 2, 1, 12, 0))
EXCLUSIVE = [each.key for each in reference.characteristics().values() if each.is_exclusive]
PANELS = [panel for topic in (*requests.TOPICS, *placements.TOPICS) for panel in topic.panels]
#: Charts whose bars are the parts of one whole, by the key of their panel.
PARTITIONS = ("outcomes", "asked")
INDICATORS = [each.id for each in catalogue.indicators()]
#: A random choice of filters: up to three characteristics, each with some of its categories.
COHORTS = st.dictionaries(
    st.sampled_from(sorted(reference.characteristics())), st.integers(min_value=1, max_value=2**30), max_size=3
).map(lambda drawn: figures.choose({name: _some(name, bits) for name, bits in drawn.items()}))


def _some(name: str, bits: int) -> list[str]:
    """The categories of a characteristic whose bit is set; the first one if none is."""
    keys = [category.key for category in reference.characteristics()[name].categories]
    return [key for place, key in enumerate(keys) if bits >> (place % 30) & 1] or keys[:1]


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    made = build_report(sample_bytes(persons=150, seed=11, defects=30, year=2026), SETTINGS, only=())
    earlier = SourceText(sample_bytes(persons=100, seed=12, year=2025))
    made.earlier = (earlier_years.measure(earlier, SETTINGS, None, lambda _: None),)
    yield made
    made.close()


def examples(number: int) -> settings:
    return settings(
        max_examples=number,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def selected(report: Report, cohort: Cohort) -> Selection:
    return figures.select(report, cohort)


def count_of(text: str) -> int:
    """The number at the start of a label such as '65 (12.4%)'."""
    return int(re.match(r"[\d,]+", text).group().replace(",", ""))  # type: ignore[union-attr]


def of_text(text: str) -> tuple[int, int]:
    """Both numbers of a label such as '45.3% (34 of 75)'; none for 'no cases'."""
    found = re.search(r"([\d,]+) of ([\d,]+)", text)
    return (0, 0) if found is None else (int(found[1].replace(",", "")), int(found[2].replace(",", "")))


def summed(chart: Chart) -> tuple[int, int]:
    """The sums of both numbers over the rows of a chart."""
    pairs = [of_text(str(row[1])) for row in chart.rows]
    return sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)


def headline(report: Report, name: str, selection: Selection) -> tuple[int, int]:
    result = Figures(report, selection).results[name]
    return result.numerator, result.denominator


@examples(6)
@given(cohort=COHORTS, base=st.sampled_from(list(cohort_analysis.BASES)), name=st.sampled_from(EXCLUSIVE))
def test_the_categories_of_a_base_are_everyone_in_it(report: Report, cohort: Cohort, base: str, name: str) -> None:
    selection = selected(report, cohort)
    found = cohort_analysis.break_down(report, base, name, selection)  # type: ignore[arg-type]
    assert sum(unhidden(line.number) for line in found.lines) == found.total
    chart = cohort_charts.bars(found, selection)
    assert sum(count_of(str(row[1])) for row in chart.rows) == found.total
    if found.total:
        assert sum(unhidden(line.share) for line in found.lines) == pytest.approx(1)
    for counts in earlier_years.by_category(report, base, name, selection).values():
        assert not counts or sum(unhidden(count.share) for count in counts.values()) == pytest.approx(1)


@examples(5)
@given(cohort=COHORTS, base=st.sampled_from(list(cohort_analysis.BASES)), pair=st.permutations(EXCLUSIVE))
def test_the_rows_and_columns_of_a_grid_sum_to_their_totals(
    report: Report, cohort: Cohort, base: str, pair: list[str]
) -> None:
    selection = selected(report, cohort)
    grid = cohort_analysis.cross(report, base, pair[0], pair[1], selection)  # type: ignore[arg-type]
    numbers = [[unhidden(each) for each in line] for line in grid.numbers]
    *rows, totals = numbers
    assert all(sum(line[:-1]) == line[-1] for line in numbers)
    assert [sum(column) for column in zip(*rows, strict=True)] == (totals if rows else [])
    assert totals[-1] == cohort_analysis.total(report, base, selection)  # type: ignore[arg-type]


@examples(16)
@given(cohort=COHORTS, panel=st.sampled_from(PANELS), place=st.integers(min_value=0, max_value=10))
def test_the_bars_of_a_panel_sum_to_their_whole(report: Report, cohort: Cohort, panel: Panel, place: int) -> None:
    selection = selected(report, cohort)
    by = panel.by[place % len(panel.by)] if panel.by else ""
    chart = panel.draw(report, selection, by)
    if panel.by:
        name = panel.key.removesuffix("_by")
        assert summed(chart) == headline(report, name, selection)
    elif any("/" in key for key, _ in chart.choices):
        for label, *parts in chart.rows:
            whole = re.search(r"\(([\d,]+)\)$", label)
            assert whole is not None and sum(map(count_of, parts)) == int(whole[1].replace(",", "")), (panel.key, label)
        for row in rows_of(chart):
            assert 0 <= row["start"] <= row["end"] <= 1 + 1e-9
    elif panel.key in PARTITIONS:
        shares = [float(match[1]) for row in chart.rows if (match := re.search(r"\(([\d.]+)%\)", str(row[1])))]
        assert not chart.rows or sum(shares) == pytest.approx(100, abs=0.05 * len(shares) + 0.01)


@examples(6)
@given(cohort=COHORTS, name=st.sampled_from(INDICATORS), by=st.sampled_from(EXCLUSIVE))
def test_the_groups_of_an_indicator_are_all_its_members(report: Report, cohort: Cohort, name: str, by: str) -> None:
    selection = selected(report, cohort)
    indicator = catalogue.indicator(name)
    chart = one_indicator.groups(report, selection, indicator, by)
    whole = headline(report, name, selection)
    if indicator.is_count:
        assert sum(count_of(str(row[1])) for row in chart.rows) == whole[0]
    else:
        assert summed(chart) == whole
    rows = pupil_groups.table(report, indicator, pupil_groups.rates_of(indicator)[0], (by,), selection).rows
    assert sum(unhidden(row.value.numerator) for row in rows if row.keys) == unhidden(rows[0].value.numerator)
    assert unhidden(rows[0].value.numerator) == whole[0]
    for year, parts in earlier_years.breakdown(report, name, [by], selection).items():
        before = earlier_years.values(report, name, selection)[year]
        assert sum(unhidden(value.numerator) for value in parts.values()) == unhidden(before.numerator)


@examples(5)
@given(cohort=COHORTS, name=st.sampled_from(sorted(timeliness.LIMITS)), by=st.sampled_from(timeliness.GROUPS))
def test_months_weeks_and_groups_hold_every_decision(report: Report, cohort: Cohort, name: str, by: str) -> None:
    selection = selected(report, cohort)
    whole = headline(report, name, selection)
    months = [of_text(bar.text) for bar in timeliness.months(report, name, selection)]
    assert (sum(pair[0] for pair in months), sum(pair[1] for pair in months)) == whole
    bins, n_undated = timeliness.weeks(report, name, selection)
    assert sum(count_of(each.text) for each in bins) + n_undated == whole[1]
    assert sum(each.value for each in bins) == whole[1] - n_undated
    groups = [of_text(bar.text) for bar in timeliness.by_group(report, name, by, selection)]
    assert (sum(pair[0] for pair in groups), sum(pair[1] for pair in groups)) == whole
