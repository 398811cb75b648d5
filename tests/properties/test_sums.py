"""Whatever the filters, the parts of every chart and table sum to its whole, and the whole is the headline figure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise

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
    plans_of_year,
    pupil_groups,
    requests,
    reviews,
    timeliness,
)
from sen2dash.analysis.panels import Panel, missing_item_text
from sen2dash.analysis.plans_of_year import MOVEMENTS
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
    made.earlier = (earlier_years.read_earlier(earlier, SETTINGS, None, lambda _: None),)
    yield made
    made.close()


@pytest.fixture(scope="module")
def of_2023() -> Iterator[Report]:
    """A return of the last year that has items which later ones do not hold."""
    made = build_report(sample_bytes(persons=80, seed=13, defects=10, year=2023), SETTINGS, only=())
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


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.key)
@examples(2)
@given(cohort=COHORTS, place=st.integers(min_value=0, max_value=10))
def test_the_bars_of_a_panel_sum_to_their_whole(
    report: Report, of_2023: Report, panel: Panel, cohort: Cohort, place: int
) -> None:
    made = report if missing_item_text(report, panel) == "" else of_2023
    selection = selected(made, cohort)
    by = panel.by[place % len(panel.by)] if panel.by else ""
    chart = panel.draw(made, selection, by)
    if panel.by:
        assert summed(chart) == headline(made, panel.key.removesuffix("_by"), selection)
        return
    SUMS[panel.key](made, selection, panel, chart)


def numbers_of(chart: Chart) -> dict[str, int]:
    """The number of each bar by its key."""
    return {key: count_of(str(row[1])) for (key, _), row in zip(chart.choices, chart.rows, strict=True)}


def listed(report: Report, selection: Selection, panel: Panel, chart: Chart) -> dict[str, int]:
    """How many are in the list of each bar."""
    return {key: len(panel.find(report, selection, "", key).rows) for key, _ in chart.choices}


def is_partition(report: Report, selection: Selection, panel: Panel, chart: Chart) -> None:
    """Every case is in one bar: the shares are 100% together."""
    if not chart.rows:
        return
    assert numbers_of(chart) == listed(report, selection, panel, chart)
    numbers = numbers_of(chart)
    shares = [float(match[1]) for row in chart.rows if (match := re.search(r"\(([\d.]+)%\)", str(row[1])))]
    assert sum(shares) == pytest.approx(100, abs=0.05 * len(shares) + 0.01)
    if panel.key == "attendance":
        assert sum(numbers.values()) == headline(report, "caseload", selection)[0]
    elif "Y" in numbers or panel.key == "asked":
        assert sum(numbers.values()) == headline(report, "requests_received", selection)[0]


def is_stacked(report: Report, selection: Selection, panel: Panel, chart: Chart) -> None:
    """The parts of each bar are its whole."""
    for label, *parts in chart.rows:
        whole = re.search(r"\(([\d,]+)\)$", label)
        assert whole is not None and sum(map(count_of, parts)) == int(whole[1].replace(",", "")), (panel.key, label)
    for row in rows_of(chart):
        assert 0 <= row["start"] <= row["end"] <= 1 + 1e-9


def is_steps(report: Report, selection: Selection, panel: Panel, chart: Chart) -> None:
    """Whoever is at a step stops there or is at the next one."""
    numbers = numbers_of(chart)
    stages, whole = {
        "flow": (requests.STAGES, headline(report, "requests_received", selection)[0]),
        "reviews": (reviews.REVIEWS, len(reviews.expected(report, selection.cohort))),
    }[panel.key]
    assert numbers.get(stages[0].key, 0) == whole
    for stage, after in pairwise(stages if numbers else ()):
        assert numbers[stage.key] == numbers[after.key] + sum(numbers.get(key, 0) for key, _ in stage.stops)


def is_overlapping(report: Report, selection: Selection, panel: Panel, chart: Chart) -> None:
    """Each bar is its list, out of the same whole."""
    found = {key: of_text(str(row[1])) for (key, _), row in zip(chart.choices, chart.rows, strict=True)}
    assert {key: pair[0] for key, pair in found.items()} == listed(report, selection, panel, chart)
    assert len({pair[1] for pair in found.values()}) <= 1


def is_bridge(report: Report, selection: Selection, panel: Panel, chart: Chart) -> None:
    """What was open and came in, less what went out, is open; and these are the indicators."""
    found = plans_of_year.numbers(report, selection.cohort)
    sums = {
        kind: sum(found[key] for key, each in MOVEMENTS.items() if (each.kind, each.is_way_in) == kind)
        for kind in (("total", True), ("in", True), ("out", False), ("total", False), ("aside", True))
    }
    arrived = sums["total", True] + sums["in", True]
    assert arrived == sums["out", False] + found["open"]
    assert arrived + sums["aside", True] == len(plans_of_year.plans(report, selection.cohort))
    assert found["open"] == headline(report, "caseload", selection)[0]
    in_year = Figures(report, selection).further("plans_in_year")
    assert sum(found[key] for key in plans_of_year.IN_YEAR) == in_year.numerator
    assert numbers_of(chart) == {key: found[key] for key, _ in chart.choices}


#: What holds for the bars of each panel that is not an indicator by group. A panel without a rule fails.
SUMS: dict[str, Callable[[Report, Selection, Panel, Chart], None]] = {
    **dict.fromkeys(("outcomes", "asked", "attendance"), is_partition),
    **dict.fromkeys(("sources", "within_16_weeks", "challenges", "phases"), is_stacked),
    **dict.fromkeys(("flow", "reviews"), is_steps),
    **dict.fromkeys(("after", "overdue", "dated"), is_overlapping),
    **dict.fromkeys(("kinds_of_placement", "kinds_of_personal_budget", "what_is_recorded_instead"), is_overlapping),
    "plans": is_bridge,
}


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


@examples(8)
@given(
    cohort=COHORTS,
    name=st.sampled_from([each.id for each in pupil_groups.choices()]),
    place=st.integers(min_value=0, max_value=2),
    by=st.permutations(EXCLUSIVE),
)
def test_pupil_groups_and_their_parts_sum_under_every_rate(
    report: Report, cohort: Cohort, name: str, place: int, by: list[str]
) -> None:
    indicator = catalogue.indicator(name)
    rates = pupil_groups.rates_of(indicator)
    rate = rates[place % len(rates)]
    whole, *rows = pupil_groups.table(report, indicator, rate, by[:2], selected(report, cohort)).rows
    # A child counted at two ages is in both rows.
    is_once = rate not in pupil_groups.OF_CHILDREN or not pupil_groups.AGES & set(by[:2])
    for above in (whole, *(row for row in rows if len(row.keys) == 1)):
        under = [row for row in rows if row.keys[:-1] == above.keys]
        pairs = [(unhidden(row.value.numerator), unhidden(row.value.denominator)) for row in under]
        number, base = unhidden(above.value.numerator), unhidden(above.value.denominator)
        assert sum(pair[0] for pair in pairs) == number if is_once else sum(pair[0] for pair in pairs) >= number
        if rate not in pupil_groups.SHARES and is_once:
            assert sum(pair[1] for pair in pairs) == base


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
