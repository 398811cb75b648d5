"""The figures of a return beside those last published: what stands on each card and in the summary, in words.

Knows no page. A published figure is shown as published, with its period; where it is not available that is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Figures, Selection, Value, count_text, rate_text
from sen2dash.indicators.run import MemberPart
from sen2dash.indicators.suppression import Hidden
from sen2dash.model import INDICATOR_GROUPS, Indicator, IndicatorResult
from sen2dash.reference import published
from sen2dash.reference.published import Figure

NOT_AVAILABLE = "not available"
#: What the members of an indicator are: one and many.
UNITS: Mapping[str, tuple[str, str]] = {
    "people": ("person", "people"),
    "requests": ("request", "requests"),
    "assessments": ("assessment", "assessments"),
    "plans": ("plan", "plans"),
}
#: The lists behind a rate, in the order in which they are offered.
PARTS: Mapping[MemberPart, str] = {
    "numerator": "Counted",
    "rest": "Not counted",
    "denominator": "All that it is a share of",
}


class Comparison(NamedTuple):
    """One published figure beside ours. difference: how ours stands to it, in words; empty where that says nothing."""

    level: str
    area: str
    period: str
    text: str
    difference: str


class Card(NamedTuple):
    """One indicator with its comparisons: England, the region and the authority, each as last published.

    ended: why there is nothing newer, where the series has ended; else empty.
    """

    indicator: Indicator
    value: Value
    comparisons: tuple[Comparison, ...]
    reason: str | None
    ended: str = ""

    @property
    def period(self) -> str:
        """The period of every comparison; empty where they differ, so that each has to name its own."""
        periods = {each.period for each in self.comparisons}
        return periods.pop() if len(periods) == 1 else ""

    @property
    def first_period(self) -> str:
        """The period of England's figure, or of the first that there is; empty of none."""
        return self.comparisons[0].period if self.comparisons else ""

    def texts(self) -> dict[str, str]:
        """The published figures by area, for a table that names `first_period`: another period is said with them."""
        return {
            each.area: each.text if each.period == self.first_period else f"{each.text} ({each.period})"
            for each in self.comparisons
        }

    @property
    def headline(self) -> str:
        """The figure: a count, or a percentage."""
        if self.reason is not None:
            return "Could not be worked out"
        return count_text(self.value.numerator) if self.indicator.is_count else self.value.rate_text

    @property
    def basis(self) -> str:
        """What the figure is of: '34 of 75 assessments'."""
        if self.reason is not None:
            return self.reason
        one, many = UNITS[self.indicator.unit]
        if self.indicator.is_count:
            return one if self.value.numerator == 1 else many
        return f"{self.value.of_text} {one if self.value.denominator == 1 else many}"


def cards(report: Report, selection: Selection) -> dict[str, tuple[Card, ...]]:
    """The cards of every group of indicators by the key of the group, in their order."""
    figures = Figures(report, selection)
    values = figures.values
    made: dict[str, list[Card]] = {group: [] for group in INDICATOR_GROUPS}
    for name, result in figures.results.items():
        made[result.indicator.group].append(_card(report, selection, result, values[name]))
    return {group: tuple(found) for group, found in made.items()}


def card(report: Report, selection: Selection, indicator_id: str) -> Card:
    """The card of one indicator."""
    figures = Figures(report, selection)
    return _card(report, selection, figures.results[indicator_id], figures.values[indicator_id])


def _card(report: Report, selection: Selection, result: IndicatorResult, value: Value) -> Card:
    found = () if result.is_broken else comparisons(report, selection, result.indicator, value)
    ended = published.break_after(result.indicator, report.collection.year, report.published)
    return Card(result.indicator, value, found, result.reason, ended.note if ended is not None and found else "")


def comparisons(report: Report, selection: Selection, indicator: Indicator, value: Value) -> tuple[Comparison, ...]:
    """England, the region and the authority as last published, each with the difference of ours from it."""
    found = published.newest(indicator, report.collection.lea, report.collection.year, report.published)
    return tuple(_comparison(report, selection, indicator, value, each) for each in found)


def _comparison(report: Report, selection: Selection, indicator: Indicator, value: Value, figure: Figure) -> Comparison:
    text, difference = figure_text(indicator, figure), ""
    if indicator.is_count:
        # A count says something beside another only of the same area, and of everyone.
        is_own = figure.area.level == "authority" and selection.cohort.is_everyone
        if is_own and figure.number and not isinstance(value.numerator, Hidden):
            difference = _count_difference(value.numerator, figure.number)
    elif figure.percent is not None and value.drawn is not None:
        difference = points_text(100 * value.drawn - figure.percent)
    return Comparison(figure.area.level, figure.area.name, figure.period, text, difference)


def figure_text(indicator: Indicator, figure: Figure) -> str:
    """A published figure: the count of a count, else the percentage."""
    if indicator.is_count:
        return NOT_AVAILABLE if figure.number is None else f"{figure.number:,.0f}"
    return NOT_AVAILABLE if figure.percent is None else rate_text(figure.percent / 100)


def points_text(points: float) -> str:
    """A difference of two percentages: '2.3 points higher'."""
    rounded = round(points, 1)
    if not rounded:
        return "the same"
    return f"{abs(rounded):.1f} points {'higher' if rounded > 0 else 'lower'}"


def _count_difference(ours: int, theirs: float) -> str:
    change = ours - round(theirs)
    if not change:
        return "the same"
    return f"{abs(change):,} {'more' if change > 0 else 'fewer'} ({change / theirs:+.1%})"


def published_rows(report: Report, indicator: Indicator) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The published figures of the last years as a table: its headings and its rows, one an area."""
    lea, year = report.collection.lea, report.collection.year
    found = published.figures(indicator, lea, year, report.published)
    periods = list(dict.fromkeys(figure.period for figure in found))
    by_place = {(figure.area.name, figure.period): figure_text(indicator, figure) for figure in found}
    rows = [
        (area.name, *(by_place.get((area.name, period), "") for period in periods)) for area in published.areas(lea)
    ]
    neighbours = published.neighbour_figures(indicator, lea, year, report.published)
    middle = published.middle(neighbours)
    if middle is not None and not indicator.is_count:
        texts = (rate_text(middle / 100) if period == neighbours[0].period else "" for period in periods)
        rows.append(("Statistical neighbours (median)", *texts))
    rates = published.rates(indicator, lea, year, report.published)
    for area in published.areas(lea):
        of_area = {
            rate.period: f"{rate.number:,.1f}" for rate in rates if rate.area == area and rate.number is not None
        }
        if of_area:
            label = f"{area.name}, per 10,000 residents aged 0 to 17"
            rows.append((label, *(of_area.get(period, "") for period in periods)))
    return ("Area", *periods), tuple(row for row in rows if any(row[1:]))


def notes(report: Report, indicator: Indicator) -> tuple[str, ...]:
    """What to know before comparing, each once, and where the figures come from.

    What is known of one area and period names both: not every figure beside ours is of the same year.
    """
    lea, year, known = report.collection.lea, report.collection.year, report.published
    found = published.figures(indicator, lea, year, known)
    said = [_ended(report, indicator)]
    said += [f"{each.area.name}, {each.period}: {note}" for each in found for note in each.notes]
    said += [note for each in found for note in each.caveats]
    said += _of_missing(report, indicator, found)
    if any(figure.is_computed for figure in found):
        said.append("Percentages are worked out here from published counts.")
    return tuple(dict.fromkeys([*filter(None, said), *(f"Source: {figure.source}." for figure in found)]))


def _of_missing(report: Report, indicator: Indicator, found: Sequence[Figure]) -> list[str]:
    """Why a period that is published for England has no figure of the region or the authority, where that is known."""
    said = []
    present = {(each.area, each.collection_year) for each in found}
    for each in found:
        for area in published.areas(report.collection.lea)[1:] if each.area.level == "England" else ():
            if (area, each.collection_year) not in present:
                place = (indicator.published_as or "", area.code, each.collection_year)
                of_area, _ = published.caveats(*place, report.published)
                said += [f"{area.name}, {each.period}: {note}" for note in of_area]
    return said


def _ended(report: Report, indicator: Indicator) -> str:
    """Why nothing newer is beside ours, with England's figure under the new definition; empty where there is newer."""
    year, known = report.collection.year, report.published
    ended = published.break_after(indicator, year, known)
    if ended is None:
        return ""
    new = published.newest_of(ended.successor, published.areas(None)[0], year, known, has_share=True)
    if new is None or not new.is_available:
        return ended.note
    text = rate_text(new.percent / 100) if new.percent is not None else f"{new.number:,.0f}"
    return f"{ended.note} England, {new.period}, by the new definition: {text}."


def own_rate(report: Report, indicator: Indicator, selection: Selection) -> float | None:
    """The count of the whole return, as it is shown, per 10,000 residents aged 0 to 17.

    None where no such rate is published, and where the count is hidden.
    """
    if indicator.published_as not in published.RATED or report.collection.lea is None:
        return None
    year = published.residents_year(report.collection.lea, report.collection.year)
    count = selection.count(Figures(report).results[indicator.id].numerator)
    if year is None or isinstance(count, Hidden):
        return None
    return published.rate_per_10_000(count, report.collection.lea, year)


def members(report: Report, selection: Selection, indicator_id: str, part: MemberPart) -> pa.Table:
    """The rows of `Figures.people` with the column `counted`: Yes where the member is in the numerator, else No."""
    found = Figures(report, selection).people(indicator_id, part)
    return found.append_column("counted", pc.if_else(found["in_numerator"], "Yes", "No"))
