"""The attacker combines everything that one choice of filters shows for sharing to try to work out a small count.

Counts are multiples of the base or hidden, percentages and lengths are those of shown counts, the same count is shown
the same way everywhere, and parts and totals together do not reveal any count from 1 to 4.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from sen2dash import reference
from sen2dash.analysis import cohort as cohort_analysis
from sen2dash.analysis import (
    cohort_charts,
    contributions,
    headlines,
    one_indicator,
    placements,
    pupil_groups,
    requests,
    summary,
    timeliness,
)
from sen2dash.charts.bars import bar_chart, column_chart
from sen2dash.charts.histogram import histogram
from sen2dash.charts.pieces import Chart
from sen2dash.checks import catalogue
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.indicators import figures
from sen2dash.indicators.figures import Selection, Value
from sen2dash.indicators.suppression import HIDDEN, Shown, round_count
from sen2dash.model import Cohort
from sen2dash.sample.generate import sample_bytes
from tests.charted import rows_of
from tests.unhidden import unhidden

BASE = 5
SMALL = range(1, BASE)
PANELS = [panel for topic in (*requests.TOPICS, *placements.TOPICS) for panel in topic.panels]
#: Persons, seed and defects of the returns. The larger one gives the same results at three times the cost.
RETURNS = (
    pytest.param((90, 2, 0), id="90"),
    pytest.param((400, 5, 30), id="400", marks=pytest.mark.long),
)
COUNT = r"(c|[\d,]+)"
#: How far a length in chart data may differ from the rate of the counts shown with it.
TOLERANCE = 1e-9


@pytest.fixture(scope="module", params=RETURNS)
def report(request: pytest.FixtureRequest) -> Iterator[Report]:
    persons, seed, defects = request.param
    data = sample_bytes(persons=persons, seed=seed, defects=defects, year=2026)
    made = build_report(data, Settings(now=datetime(2026, 2, 1, 12, 0)), only=())
    yield made
    made.close()


def cohorts(report: Report, number: int = 1) -> list[Cohort]:
    """Everyone, and some random choices of filters, including some that leave few people out."""
    chance = random.Random(report.counts["person"])
    found = [Cohort()]
    for name in ("sex", "ethnic_group", "age", "need"):
        parts = figures.Figures(report).count_people([name])
        few = [part.keys[0] for part in parts if part.denominator in SMALL]
        if few and len(parts) > 1:
            found.append(figures.choose({name: [part.keys[0] for part in parts if part.keys[0] != few[0]]}))
    while len(found) < number + 1:
        name = chance.choice(list(reference.characteristics()))
        keys = [part.keys[0] for part in figures.Figures(report).count_people([name])]
        found.append(figures.choose({name: chance.sample(keys, max(1, len(keys) // 2))}))
    return found[: number + 1]


def shared(report: Report, cohort: Cohort) -> Selection:
    return figures.select(report, cohort, is_sharing=True)


def counts_in(text: str) -> list[int]:
    """The counts in a text that contains only counts and percentages: '65 (12.4%)', '45.3% (34 of 75)', 'c'."""
    return [int(each.replace(",", "")) for each in re.findall(r"(?<![\d.])[\d,]+(?![\d.]*%|\.)", text)]


def assert_rounded(text: str) -> None:
    assert all(count % BASE == 0 and count >= 2 * BASE for count in counts_in(text)), text


def assert_value(value: Value) -> None:
    """Check that a rate is that of the two counts next to it, and is shown only if both are."""
    for count in (value.numerator, value.denominator):
        assert count is HIDDEN or (count % BASE == 0 and count >= 2 * BASE)
    if HIDDEN in (value.numerator, value.denominator):
        assert value.rate in (HIDDEN, None)
    elif value.rate is not None:
        assert value.rate == unhidden(value.numerator) / unhidden(value.denominator)


def assert_chart(chart: Chart) -> None:
    """Check the table of a chart, and the data in its picture."""
    for row in chart.rows:
        assert_rounded(str(row[1]))
    for data in rows_of(chart):
        assert_data(data)


def assert_data(row: dict[str, Any]) -> None:
    """Check one row of the data: its length is the share in its text, worked out from counts that are shown."""
    if "value" not in row:
        return
    text, value = row.get("alt_text", row["text"]), row["value"]
    assert_rounded(text)
    of = re.search(rf"\({COUNT} of {COUNT}\)", text.replace("\n", " (") + ")")
    if "c" in re.findall(r"\bc\b", text) or not counts_in(text):
        assert value == 0, row
    elif of:
        part, base = (int(each.replace(",", "")) for each in of.groups())
        assert abs(value - part / base) < TOLERANCE, row
    elif "%" in text:
        # The length of '65 (12.4%)' reveals the whole that it is a share of, and that must be a count as shown.
        base = counts_in(text)[0] / value
        assert abs(base - round(base)) < 1e-6 and round(base) % BASE == 0, row
    else:
        assert value == counts_in(text)[0], row


def charts(report: Report, selection: Selection) -> Iterator[Chart]:
    """Every chart whose bars are counts and shares of this return."""
    for base in cohort_analysis.BASES:
        for name in ("need", "age", "group"):
            yield cohort_charts.bars(cohort_analysis.break_down(report, base, name, selection), selection)
        yield cohort_charts.support(report, selection, base).chart
    yield cohort_charts.weeks_taken(report, selection).chart
    for name in ("caseload", "requests_refused", "plans_within_20_weeks"):
        for by in ("need", "sex"):
            yield one_indicator.groups(report, selection, catalogue.indicator(name), by)
    for panel in PANELS:
        for by in panel.by[:2] or ("",):
            yield panel.draw(report, selection, by)
    for name in list(timeliness.LIMITS)[::2]:
        yield column_chart("", "", "", timeliness.months(report, name, selection))
        yield histogram("", "", "", timeliness.weeks(report, name, selection)[0])
        for by in timeliness.GROUPS[:2]:
            yield drawn(timeliness.by_group(report, name, by, selection))


def drawn(rows: tuple[Any, ...]) -> Chart:
    return bar_chart("", "", "", rows)


def test_every_count_is_rounded_and_every_percentage_is_of_rounded_counts(report: Report) -> None:
    for cohort in cohorts(report):
        selection = shared(report, cohort)
        assert_rounded(selection.size_text)
        for found in headlines.cards(report, selection).values():
            for card in found:
                assert_value(card.value)
                assert_rounded(f"{card.headline} {card.basis}")
        for base in cohort_analysis.BASES:
            grid = cohort_analysis.cross(report, base, "need", "age_group", selection)
            for as_share in (False, True):
                chart = cohort_charts.heat_map(grid, "need", "age_group", base, selection, as_share)
                for row in chart.rows:
                    for text in row[1:]:
                        assert_rounded(text)


def test_charts_hold_rounded_counts_and_their_shares_alone(report: Report) -> None:
    n_charts = 0
    for chart in charts(report, shared(report, cohorts(report)[-1])):
        assert_chart(chart)
        n_charts += bool(chart.rows)
    assert n_charts > 5


def test_the_managers_page_says_only_what_is_rounded(report: Report) -> None:
    n_said = 0
    for cohort in cohorts(report, 3):
        selection = shared(report, cohort)
        for figure in summary.summary(report, selection):
            for line in figure.lines:
                if line.counts is not None:
                    assert_value(line.counts)
                elif line.unit == "number":
                    assert_rounded(line.text)
            # For everyone it compares with published counts, which are not rounded.
            if figure.key != "weeks" and not cohort.is_everyone:
                assert_rounded(re.sub(r"within 4 weeks|\bin \d{4}\b|\(\d{4}\)|,(?= )", "", figure.sentence))
        for name, outcome in contributions.OUTCOMES.items():
            for by in outcome.by:
                gap = contributions.gap(report, selection, name, by)
                values = {
                    p.keys[0]: v
                    for p, v in figures.part_values(figures.Figures(report, selection).breakdown(name, [by]), BASE)
                }
                for group in gap.groups if gap is not None else ():
                    assert gap is not None and group.cases == values[group.key].denominator
                    assert_rounded(f"{group.cases} {group.number}")
                    if group in gap.largest:
                        n_said += 1
                        assert_rounded(gap.group_text(group).rpartition(": ")[2])
                if gap is not None:
                    assert_rounded(gap.difference_text(gap.excess))
    assert n_said or report.counts["person"] < 400


# -- the attacks that worked ------------------------------------------------------------------------------


def test_a_caption_and_the_total_of_a_chart_do_not_tell_who_was_left_out(report: Report) -> None:
    """For example 'c of 400 people' above 'All: 399'."""
    n_close = 0
    for cohort in cohorts(report, 4):
        selection = shared(report, cohort)
        n_close += selection.n_all - selection.n in SMALL
        said = re.findall(rf"{COUNT} of {COUNT} ", selection.size_text)[0]
        for name in ("sex", "group", "need"):
            found = cohort_analysis.break_down(report, "people", name, selection)
            total = re.findall(rf"All: {COUNT} ", cohort_charts.bars(found, selection).subtitle)[0]
            shown = [int(each.replace(",", "")) for each in (*said, total) if each != "c"]
            assert total == said[0], "the same people, the same number"
            assert not {abs(a - b) for a in shown for b in shown} & set(SMALL), (said, total)
    assert n_close


def tables(
    report: Report, indicator_id: str, by: tuple[str, ...], selection: Selection
) -> dict[str, dict[tuple[str, ...], Value]]:
    """The rows for every kind of rate of an indicator, by their keys."""
    indicator = catalogue.indicator(indicator_id)
    return {
        rate: {row.keys: row.value for row in pupil_groups.table(report, indicator, rate, by, selection).rows}
        for rate in pupil_groups.rates_of(indicator)
    }


def test_the_tables_of_an_indicator_do_not_give_each_other_away(report: Report) -> None:
    """Records, children and shares with the same filters: what one hides, no other shows or reveals by a difference."""
    selection = shared(report, Cohort())
    for indicator in catalogue.indicators():
        for name in ("need", "age_group"):
            shown = tables(report, indicator.id, (name,), selection)
            plain = tables(report, indicator.id, (name,), figures.select(report))
            for keys in {keys for rows in plain.values() for keys in rows}:
                seen: dict[int, set[Shown]] = {}
                numbers: list[int] = []
                for rate, rows in plain.items():
                    if keys not in rows:
                        continue
                    for which in ("numerator", "denominator"):
                        value = shown[rate].get(keys)
                        count = HIDDEN if value is None else getattr(value, which)
                        # In a line that is left out, the small counts are the hidden ones.
                        if value is not None or round_count(getattr(rows[keys], which), BASE) is HIDDEN:
                            seen.setdefault(getattr(rows[keys], which), set()).add(count)
                        numbers += [] if count is HIDDEN else [count]
                for true, as_shown in seen.items():
                    assert len(as_shown) == 1, f"{indicator.id} by {name}, {keys}: {true} reads {as_shown}"
                    assert not (true in SMALL and as_shown != {HIDDEN})
                assert not {abs(a - b) for a in numbers for b in numbers} & set(SMALL), (indicator.id, name, keys)


def test_a_table_and_its_headline_say_the_same(report: Report) -> None:
    for cohort in cohorts(report):
        selection = shared(report, cohort)
        values = figures.Figures(report, selection).values
        for indicator in catalogue.indicators():
            for name in ("sex",):
                for rate, rows in tables(report, indicator.id, (name,), selection).items():
                    if rate not in pupil_groups.OF_CHILDREN:
                        assert rows[()].numerator == values[indicator.id].numerator, (indicator.id, name)
                    if rate == "records":
                        assert rows[()] == values[indicator.id]
        flow = requests.TOPICS[0].panels[0].draw(report, selection, "")
        received = values["requests_received"].numerator
        assert [row[1].split()[0] for row in flow.rows[:1]] == ([f"{received:,}"] if received is not HIDDEN else [])
        count = values["caseload"].numerator
        assert cohort_analysis.break_down(report, "caseload", "sex", selection).total == count


# -- what follows from all of it --------------------------------------------------------------------------

Cell = tuple[Any, ...]
Line = tuple[Cell, list[Cell]]


def limits(shown: Shown) -> list[int]:
    if shown is HIDDEN:
        return [0, 2 * BASE - BASE // 2 - 1]
    return [shown - BASE // 2, shown + (BASE - 1) // 2]


def narrow(known: dict[Cell, list[int]], lines: list[Line]) -> None:
    """Narrow the range of each count using the lines of totals and their parts, until nothing more follows."""
    is_changed = True
    while is_changed:
        is_changed = False
        for total, parts in lines:
            cells = [(total, -1), *((part, 1) for part in parts)]
            low = sum(min(sign * n for n in known[cell]) for cell, sign in cells)
            high = sum(max(sign * n for n in known[cell]) for cell, sign in cells)
            for cell, sign in cells:
                own = [sign * n for n in known[cell]]
                # The other cells and this one sum to 0.
                least, most = max(min(own), max(own) - high), min(max(own), min(own) - low)
                found = sorted((sign * least, sign * most))
                if found != known[cell]:
                    known[cell], is_changed = found, True


def attack(
    report: Report, indicator_id: str, by: tuple[str, str], selection: Selection
) -> Iterator[tuple[int, list[int]]]:
    """Every hidden count in the tables of an indicator, with the range that its tables and breakdowns leave for it."""
    known: dict[Cell, list[int]] = {}
    true: dict[Cell, int] = {}
    lines: list[Line] = []
    for names in (by, by[::-1]):
        shown = tables(report, indicator_id, names, selection)["records"]
        plain = tables(report, indicator_id, names, figures.select(report, selection.cohort))["records"]
        for keys, value in plain.items():
            where = tuple(sorted(zip(names, keys, strict=False)))
            for which in ("numerator", "denominator"):
                cell = (which, where)
                true[cell] = getattr(value, which)
                known[cell] = limits(getattr(shown[keys], which) if keys in shown else HIDDEN)
                parts = [
                    (which, tuple(sorted(zip(names, other, strict=False))))
                    for other in plain
                    if len(other) == len(keys) + 1 and other[: len(keys)] == keys
                ]
                if parts:
                    lines.append((cell, parts))
            rest = ("rest", where)
            known[rest] = [0, known["denominator", where][1]]
            true[rest] = unhidden(value.denominator) - unhidden(value.numerator)
            lines.append((("denominator", where), [("numerator", where), rest]))
    narrow(known, lines)
    for cell, count in true.items():
        low, high = known[cell]
        assert low <= count <= high
        yield count, known[cell]


def test_no_small_count_follows_from_all_parts_and_totals_together(report: Report) -> None:
    n_small = 0
    for cohort in cohorts(report):
        for name in ("requests_refused", "plans_within_20_weeks_all", "personal_budgets"):
            for by in (("sex", "need"), ("age_group", "ethnic_group")):
                for count, (low, high) in attack(report, name, by, shared(report, cohort)):
                    if count in SMALL:
                        n_small += 1
                        assert low < high, (name, by, count)
    assert n_small > 50


def test_the_attacker_would_see_what_was_left_unprotected() -> None:
    """If only counts under 5 were hidden, a total of 10 would reveal 4 and 4. The attack finds this, so it works."""
    known = {("a",): [0, 4], ("b",): [0, 4], (): limits(10)}
    narrow(known, [((), [("a",), ("b",)])])
    assert known["a",] == known["b",] == [4, 4]
    hidden = {("a",): limits(HIDDEN), ("b",): limits(HIDDEN), (): limits(10)}
    narrow(hidden, [((), [("a",), ("b",)])])
    assert hidden["a",] == [1, 7]
    assert [round_count(n, BASE) for n in (7, 8, 12)] == [HIDDEN, 10, 10]
