"""What pages made of several charts share: panels, and functions to count and list the rows behind them.

A panel is a chart and, for each of its bars, the people in it. Both come from the rows of one table, so that a bar and
its list cannot disagree. Draws on no page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash import reference, spec
from sen2dash.analysis import earlier_years
from sen2dash.analysis.timeliness import few_note
from sen2dash.charts.bars import Bar, bar_chart
from sen2dash.charts.pieces import Chart
from sen2dash.charts.stacks import Segment, Stack, stacked_bars
from sen2dash.checks import catalogue
from sen2dash.checks.cache import Key
from sen2dash.checks.report import Report
from sen2dash.indicators import figures
from sen2dash.indicators.figures import FEW, Figures, Selection, Value, count_text
from sen2dash.indicators.filters import parameters
from sen2dash.indicators.suppression import Hidden, Shown, is_empty, round_count, round_rate, share_shown
from sen2dash.model import Cohort
from sen2dash.reference import published

#: Characteristics that a panel can break an indicator down by.
GROUPS = ("age_group", "need", "sex", "ethnic_group", "place_group")
Labels = Mapping[str, str]


class People(NamedTuple):
    """The rows behind a bar: what they have in common, and the columns that the list adds (heading to column)."""

    title: str
    rows: pa.Table
    extra: Labels


@dataclass(frozen=True)
class Panel:
    """A chart and the people behind its bars. by: characteristics to choose from, if the chart can be broken down.

    needs: the item without which there is nothing to draw, as table and XML name; None if every return has it.
    """

    key: str
    draw: Callable[[Report, Selection, str], Chart]
    find: Callable[[Report, Selection, str, str], People]
    by: tuple[str, ...] = ()
    needs: tuple[str, str] | None = None


@dataclass(frozen=True)
class Topic:
    """Panels under one name, with a sentence on what they count."""

    key: str
    label: str
    lead: Callable[[Report], str]
    panels: tuple[Panel, ...] = field(default=())


# -- rows -------------------------------------------------------------------------------------------------


def rows_of(report: Report, name: str, sql: str, cohort: Cohort) -> pa.Table:
    """Run a SELECT for a cohort with its categories and people, once, and keep the rows.

    sql: reads `cohort_person($cohort_characteristics, $cohort_categories)`. name: the key under which the rows are
    kept.
    """
    return Figures(report).cached(Key("rows", name, cohort), lambda: report.store.table(sql, parameters(cohort)))


def rows_in_categories(rows: pa.Table, column: str, keys: Sequence[str]) -> pa.Table:
    """The rows with one of these categories in a text column."""
    return rows.filter(pc.is_in(rows[column], pa.array(list(keys), pa.string())))


def rows_where_true(rows: pa.Table, column: str) -> pa.Table:
    """The rows with yes in a yes/no column."""
    return rows.filter(pc.fill_null(rows[column], False))


def counts(rows: pa.Table, column: str) -> dict[str, int]:
    """Count the rows in each category of a column; rows without a category are not counted."""
    found = pc.value_counts(rows[column].drop_null())
    return {str(each["values"]): int(each["counts"]) for each in found.to_pylist()}


# -- texts ------------------------------------------------------------------------------------------------


def part_text(count: Shown, whole: Shown) -> str:
    """A part and its share of the whole as they are shown, such as '65 (12.4%)', or c if hidden."""
    share = share_shown(count, whole)
    return count_text(count) if isinstance(share, Hidden) or share is None else f"{count_text(count)} ({share:.1%})"


def drawn(count: Shown, whole: Shown) -> float | None:
    """The share of a part as the length of a bar, or None if hidden."""
    share = share_shown(count, whole)
    return None if isinstance(share, Hidden) else share or 0.0


def part_bar(key: str, label: str, count: Shown, whole: Shown) -> Bar:
    """A bar for a part of a whole."""
    return Bar(key, label, drawn(count, whole), part_text(count, whole))


def first_year_note(report: Report, table: str, element: str) -> str:
    """A sentence for years in which the return does not hold an item yet, or empty."""
    item = spec.item(table, element)
    if item.from_year <= report.collection.year:
        return ""
    return f" Returns have included {element} since {item.from_year}."


def is_in_layout(report: Report, table: str, element: str) -> bool:
    """Whether a return of this year has an item."""
    return spec.item(table, element).exists_in(report.collection.year)


def missing_item_text(report: Report, panel: Panel) -> str | None:
    """Why this return has nothing for a panel: empty if it has, None if there is nothing to say.

    An item that returns hold no longer is not missed; one that they hold from a later year on is.
    """
    if panel.needs is None or is_in_layout(report, *panel.needs):
        return ""
    item = spec.item(*panel.needs)
    if item.from_year <= report.collection.year:
        return None
    return (
        f"Not in this return: {item.label[0].lower()}{item.label[1:]}. Returns have included it since {item.from_year}."
    )


# -- bars -------------------------------------------------------------------------------------------------


class Stage(NamedTuple):
    """One step of a journey: its name (the last step: its category), and the categories that stop there."""

    key: str
    label: str
    stops: tuple[tuple[str, str], ...] = ()


def steps(stages: Sequence[Stage], found: Mapping[str, int], threshold: int) -> tuple[Bar, ...]:
    """Bars for how many reach each step, and where the others stop; anything `is_empty` is left out.

    found: rows by category. The last stage is itself a category and is grouped with those who stop just before it.
    """
    *before, last = stages
    left = sum(found.get(key, 0) for key in reached(stages, stages[0].key))
    if is_empty(left, threshold):
        return ()
    whole = round_count(left, threshold)
    made = []
    for stage in before:
        made.append(part_bar(stage.key, stage.label, round_count(left, threshold), whole))
        for key, label in stage.stops:
            number = found.get(key, 0)
            if not is_empty(number, threshold):
                made.append(part_bar(key, label, round_count(number, threshold), whole)._replace(is_faint=True))
            left -= number
    return (*made, part_bar(last.key, last.label, round_count(left, threshold), whole))


def reached(stages: Sequence[Stage], key: str) -> list[str]:
    """The categories of everyone in a bar of `steps`: those who stop at a step or later, or those of a single stop."""
    places = [place for place, stage in enumerate(stages) if stage.key == key]
    if not places:
        return [key]
    later = [stop for stage in stages[places[0] :] for stop, _ in stage.stops]
    return [*later, stages[-1].key]


def labels_of(stages: Sequence[Stage]) -> dict[str, str]:
    """Key and label of every bar that `steps` can return."""
    return {key: label for stage in stages for key, label in ((stage.key, stage.label), *stage.stops)}


def parts(labels: Labels, found: Mapping[str, int], threshold: int) -> tuple[Bar, ...]:
    """One bar for each of several exclusive categories, with its share of the total; none if the total `is_empty`."""
    every = sum(found.get(key, 0) for key in labels)
    if is_empty(every, threshold):
        return ()
    whole = round_count(every, threshold)
    is_of_few = not isinstance(whole, Hidden) and whole < FEW
    return tuple(
        part_bar(key, label, round_count(found.get(key, 0), threshold), whole)._replace(is_faint=is_of_few)
        for key, label in labels.items()
    )


def overlapping(labels: Labels, found: Mapping[str, int], whole: int, threshold: int) -> tuple[Bar, ...]:
    """One bar for each of several overlapping categories, with its share of the whole; none if the whole `is_empty`."""
    if is_empty(whole, threshold):
        return ()
    made = []
    for key, label in labels.items():
        value = Value(*round_rate(found.get(key, 0), whole, threshold))
        made.append(Bar(key, label, value.drawn, value.text, is_faint=value.is_of_few))
    return tuple(made)


def stacked(
    words: tuple[str, str, str],
    labels: Labels,
    segments: Labels,
    table: Mapping[str, Mapping[str, int]],
    threshold: int,
) -> Chart:
    """One stacked bar for each row that has any cases, with its number after the label.

    Rows and their parts can be picked.

    words: title, subtitle and what the rows are. labels and segments: key to label of the rows and of their parts.
    table: counts by row and part. The key of a part is 'row/part'.
    """
    made, choices = [], []
    for key in labels:
        if is_empty(sum(table[key].values()), threshold):
            continue
        whole = round_count(sum(table[key].values()), threshold)
        own = {part: round_count(table[key].get(part, 0), threshold) for part in segments}
        choices += [(key, labels[key])]
        choices += [(f"{key}/{part}", f"{labels[key]}: {segments[part]}") for part in segments if own[part]]
        found = tuple(
            Segment(segments[part], drawn(count, whole) or 0.0, part_text(count, whole)) for part, count in own.items()
        )
        is_of_few = not isinstance(whole, Hidden) and whole < FEW
        made.append(Stack(key, f"{labels[key]} ({count_text(whole)})", found, is_of_few))
    title, subtitle, what = words
    faint = f" Faint bars: fewer than {FEW} cases." if any(row.is_faint for row in made) else ""
    return replace(stacked_bars(title, subtitle + faint, what, made), choices=tuple(choices))


def with_england(report: Report, rows: Sequence[Bar], indicators: Mapping[str, str]) -> tuple[Bar, ...]:
    """The same bars with a mark for England. indicators: maps the key of a bar to its indicator."""
    made = []
    for bar in rows:
        series = catalogue.indicator(indicators[bar.key]).published_as if bar.key in indicators else None
        england = [each for each in published_beside(report, series or "") if each.area.level == "England"]
        made.append(bar._replace(marks=_marks(england)))
    return tuple(made)


def published_marks(report: Report, series: str) -> tuple[tuple[str, float], ...]:
    """The newest published shares of a series up to the return year, by area and period: 'England, 2025'.

    Covers England, the region and the authority where published. Shares are between 0 and 1.
    """
    return _marks(published_beside(report, series))


def _marks(found: Sequence[published.PublishedFigure]) -> tuple[tuple[str, float], ...]:
    return tuple((f"{f.area.name}, {f.period}", f.percent / 100) for f in found if f.percent is not None)


def published_beside(report: Report, series: str) -> tuple[published.PublishedFigure, ...]:
    """The newest published figures of a series for England, the region and the authority, with their shares."""
    lea, year, known = report.collection.lea, report.collection.year, report.published
    found = (published.newest_of(series, area, year, known, has_share=True) for area in published.areas(lea))
    return tuple(each for each in found if each is not None)


def about_published(found: Sequence[published.PublishedFigure]) -> str:
    """Sentences on what to know about published figures and where they come from, or empty."""
    sentences = [note for each in found for note in each.caveats]
    sentences += [f"{each.area.name}, {each.period}: {note}" for each in found for note in each.notes]
    return " ".join(dict.fromkeys([*sentences, *(f"Source: {each.source}." for each in found)]))


def bars_alt_text(title: str, rows: Sequence[Bar]) -> str:
    """A description of every bar of a chart in one sentence."""
    return f"{title}: {', '.join(f'{bar.label.lower()} {bar.text}' for bar in rows)}."


# -- an indicator by groups ----------------------------------------------------------------------------------

#: Columns of the list behind an indicator that counts plans, and one that counts requests.
PLAN_DATES = {"Plan started": "start_date", "Plan ceased": "cease_date"}
REQUEST_DATES = {"Received": "received_date", "Outcome": "request_outcome", "Decided": "request_outcome_date"}


def by_group(
    indicator_id: str, extra: Labels, by: tuple[str, ...] = GROUPS, needs: tuple[str, str] | None = None
) -> Panel:
    """A panel for an indicator by one characteristic: the rate in each category and the people counted in it."""
    indicator = catalogue.indicator(indicator_id)

    def draw(report: Report, selection: Selection, name: str) -> Chart:
        known = reference.characteristics()[name]
        found = Figures(report, selection).breakdown(indicator_id, [name])
        before = earlier_years.marks(report, indicator_id, [name], selection)
        rows = [
            Bar(part.keys[0], part.labels[0], value.drawn, value.text, before.get(part.keys, ()), value.is_of_few)
            for part, value in figures.part_values(found, selection.threshold)
        ]
        title = f"{indicator.title}, by {known.label.lower()}"
        unit = f"Share of {indicator.base}.{few_note(rows)} {earlier_years.note(report, [name], selection)}"
        return bar_chart(title, unit.rstrip(), known.label, rows)

    def find(report: Report, selection: Selection, name: str, key: str) -> People:
        label = reference.characteristics()[name].category(key).label
        rows = Figures(report, selection).people(indicator_id, "numerator", {name: key})
        return People(f"{indicator.title}: {label}", rows, extra)

    return Panel(f"{indicator_id}_by", draw, find, by, needs)
