"""The figures of a return next to the last published ones: the text of each card and of the summary.

Knows no page. A published figure is shown as published, with its period. Where there is none, the page says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash.analysis import earlier_years
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import NOT_CALCULATED, Figures, Selection, Value, count_text, rate_text
from sen2dash.indicators.run import MemberPart
from sen2dash.indicators.suppression import Hidden
from sen2dash.model import INDICATOR_GROUPS, Indicator, IndicatorResult
from sen2dash.reference import neighbouring, published
from sen2dash.reference.published import PublishedFigure

NOT_AVAILABLE = "not available"
#: In place of a figure that counts items which a return of this year does not hold.
NOT_IN_RETURN = "Not in this return"
#: What the members of an indicator are, in the singular and plural.
UNITS: Mapping[str, tuple[str, str]] = {
    "people": ("person", "people"),
    "requests": ("request", "requests"),
    "assessments": ("assessment", "assessments"),
    "plans": ("plan", "plans"),
}
#: The lists behind a rate, in the order they are offered.
PARTS: Mapping[MemberPart, str] = {
    "numerator": "Counted",
    "rest": "Not counted",
    "denominator": "Everyone in the base",
}


class PublishedComparison(NamedTuple):
    """One figure to compare with ours: a published one, or that of an earlier return.

    difference: how ours differs from it; empty if that is not useful.
    """

    level: str
    area: str
    period: str
    text: str
    difference: str


class IndicatorCard(NamedTuple):
    """One indicator with the last published figures for England, the region and the authority.

    earlier: the same of earlier returns of the authority, the newest first, under the same filters.
    ended: why there is nothing newer if the series has ended, or empty. missing: why a return of this year has no such
    figure, or empty.
    """

    indicator: Indicator
    value: Value
    comparisons: tuple[PublishedComparison, ...]
    reason: str | None
    ended: str = ""
    missing: str = ""
    earlier: tuple[PublishedComparison, ...] = ()

    @property
    def period(self) -> str:
        """The period of every comparison, or empty if they differ and each has to name its own."""
        periods = {each.period for each in self.comparisons}
        return periods.pop() if len(periods) == 1 else ""

    @property
    def first_period(self) -> str:
        """The period of England's figure, or else of the first figure, or empty if there are none."""
        return self.comparisons[0].period if self.comparisons else ""

    def texts(self) -> dict[str, str]:
        """The published figures by area, for a table headed by `first_period`. A figure for another period names it."""
        return {
            each.area: each.text if each.period == self.first_period else f"{each.text} ({each.period})"
            for each in self.comparisons
        }

    def texts_before(self) -> dict[str, str]:
        """The figures of earlier returns, by what each return is called."""
        return {each.area: each.text for each in self.earlier}

    @property
    def headline(self) -> str:
        """The figure as shown: a count or a percentage."""
        if self.reason is not None:
            return NOT_CALCULATED
        if self.missing:
            return NOT_IN_RETURN
        return count_text(self.value.numerator) if self.indicator.is_count else self.value.rate_text

    @property
    def with_counts(self) -> str:
        """The figure in one cell: '18.9% (317 of 1,681)', or a count."""
        is_share = self.reason is None and not self.missing and not self.indicator.is_count and not self.value.is_hidden
        return self.value.text if is_share else self.headline

    @property
    def basis(self) -> str:
        """What the figure is based on: '34 of 75 assessments'."""
        if self.reason is not None:
            return self.reason
        if self.missing:
            return self.missing
        one, many = UNITS[self.indicator.unit]
        if self.indicator.is_count:
            return one if self.value.numerator == 1 else many
        return f"{self.value.of_text} {one if self.value.denominator == 1 else many}"


def cards(report: Report, selection: Selection) -> dict[str, tuple[IndicatorCard, ...]]:
    """The cards of every group of indicators, by the key of the group, in order."""
    figures = Figures(report, selection)
    values = figures.values
    made: dict[str, list[IndicatorCard]] = {group: [] for group in INDICATOR_GROUPS}
    for name, result in figures.results.items():
        made[result.indicator.group].append(_card(report, selection, result, values[name]))
    return {group: tuple(found) for group, found in made.items()}


class IndicatorRow(NamedTuple):
    """One indicator in the table of all. years: own published numbers.

    neighbours: their median as text, with its period if that is not the card's first one; or empty.
    """

    topic: str
    card: IndicatorCard
    neighbours: str
    years: tuple[float, ...]


def table(report: Report, selection: Selection) -> tuple[IndicatorRow, ...]:
    """Every indicator as a row, by topic. A single published year is left out, because it makes no line."""
    lea, year, known = report.collection.lea, report.collection.year, report.published
    rows = []
    for group, found in cards(report, selection).items():
        for each in found:
            is_count, series = each.indicator.is_count, each.indicator.published_as or ""
            near = neighbouring.figures(each.indicator, lea, year, known)
            middle = neighbouring.median_of(near, is_share=not is_count)
            text = "" if middle is None else f"{middle:,.0f}" if is_count else rate_text(middle / 100)
            if text and near[0].period != each.first_period:
                text = f"{text} ({near[0].period})"
            own = published.own_years(series, lea, year, known, has_share=not is_count)
            numbers = [figure.number if is_count else figure.percent for figure in own]
            years = tuple(number for number in numbers if number is not None)
            rows.append(IndicatorRow(INDICATOR_GROUPS[group], each, text, years if len(years) > 1 else ()))
    return tuple(rows)


def card(report: Report, selection: Selection, indicator_id: str) -> IndicatorCard:
    """The card of one indicator."""
    figures = Figures(report, selection)
    return _card(report, selection, figures.results[indicator_id], figures.values[indicator_id])


def _card(report: Report, selection: Selection, result: IndicatorResult, value: Value) -> IndicatorCard:
    missing = missing_text(result.indicator, report.collection.year)
    if missing:
        value = Value(0, 0, None)
    found = () if result.is_broken else comparisons(report, selection, result.indicator, value)
    ended = published.break_after(result.indicator, report.collection.year, report.published)
    earlier = () if result.is_broken or missing else _earlier(report, selection, result.indicator, value)
    note = ended.note if ended is not None and found else ""
    return IndicatorCard(result.indicator, value, found, result.reason, note, missing, earlier)


def _earlier(
    report: Report, selection: Selection, indicator: Indicator, value: Value
) -> tuple[PublishedComparison, ...]:
    """The same indicator in each earlier return, the newest first, with the difference from ours."""
    found = earlier_years.values(report, indicator.id, selection)
    made = []
    for year, other in sorted(found.items(), reverse=True):
        text, difference = other.rate_text, ""
        if indicator.is_count:
            text = count_text(other.numerator)
            if not isinstance(value.numerator, Hidden) and not isinstance(other.numerator, Hidden) and other.numerator:
                difference = count_difference(value.numerator, other.numerator)
        elif value.drawn is not None and other.drawn is not None:
            difference = points_text(100 * (value.drawn - other.drawn))
        made.append(PublishedComparison("earlier", earlier_years.label(year), "", text, difference))
    return tuple(made)


def missing_text(indicator: Indicator, year: int) -> str:
    """Why a return of a year has no such figure; empty if it has one."""
    return "" if indicator.exists_in(year) else f"Returns have included this since {indicator.from_year}."


def comparisons(
    report: Report, selection: Selection, indicator: Indicator, value: Value
) -> tuple[PublishedComparison, ...]:
    """The last published figures for England, the region and the authority, each with the difference from ours."""
    found = published.newest(indicator, report.collection.lea, report.collection.year, report.published)
    return tuple(_comparison(report, selection, indicator, value, each) for each in found)


def _comparison(
    report: Report, selection: Selection, indicator: Indicator, value: Value, figure: PublishedFigure
) -> PublishedComparison:
    text, difference = figure_text(indicator, figure), ""
    if indicator.is_count:
        # A count can only be compared with one for the same area, and only if everyone is included.
        is_own = figure.area.level == "authority" and selection.cohort.is_everyone
        if is_own and figure.number and not isinstance(value.numerator, Hidden):
            difference = count_difference(value.numerator, figure.number)
    elif figure.percent is not None and value.drawn is not None:
        difference = points_text(100 * value.drawn - figure.percent)
    return PublishedComparison(figure.area.level, figure.area.name, figure.period, text, difference)


def figure_text(indicator: Indicator, figure: PublishedFigure) -> str:
    """A published figure as text: a count for indicators that are counts, otherwise a percentage."""
    if indicator.is_count:
        return NOT_AVAILABLE if figure.number is None else f"{figure.number:,.0f}"
    return NOT_AVAILABLE if figure.percent is None else rate_text(figure.percent / 100)


def points_text(points: float) -> str:
    """The difference between two percentages: '2.3 points higher'."""
    rounded = round(points, 1)
    if not rounded:
        return "the same"
    return f"{abs(rounded):.1f} points {'higher' if rounded > 0 else 'lower'}"


def count_difference(ours: int, theirs: float) -> str:
    """The difference between two counts: '256 more (+6.3%)'. theirs: not 0."""
    change = ours - round(theirs)
    if not change:
        return "the same"
    return f"{abs(change):,} {'more' if change > 0 else 'fewer'} ({change / theirs:+.1%})"


def published_rows(report: Report, indicator: Indicator) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The published figures of recent years as a table: its headings, and one row per area."""
    lea, year = report.collection.lea, report.collection.year
    found = published.figures(indicator, lea, year, report.published)
    periods = list(dict.fromkeys(figure.period for figure in found))
    by_place = {(figure.area.name, figure.period): figure_text(indicator, figure) for figure in found}
    rows = [
        (area.name, *(by_place.get((area.name, period), "") for period in periods)) for area in published.areas(lea)
    ]
    near = neighbouring.figures(indicator, lea, year, report.published)
    middle = neighbouring.median_of(near, is_share=True)
    if middle is not None and not indicator.is_count:
        texts = (rate_text(middle / 100) if period == near[0].period else "" for period in periods)
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
    """What to know before comparing, without repeats, and where the figures come from.

    A note about one area and period names both, because the published figures can be for different years.
    """
    lea, year, known = report.collection.lea, report.collection.year, report.published
    found = published.figures(indicator, lea, year, known)
    sentences = [_ended(report, indicator)]
    sentences += [f"{each.area.name}, {each.period}: {note}" for each in found for note in each.notes]
    sentences += [note for each in found for note in each.caveats]
    sentences += _of_missing(report, indicator, found)
    if any(figure.is_computed for figure in found):
        sentences.append("Percentages are worked out here from published counts.")
    return tuple(dict.fromkeys([*filter(None, sentences), *(f"Source: {figure.source}." for figure in found)]))


def _of_missing(report: Report, indicator: Indicator, found: Sequence[PublishedFigure]) -> list[str]:
    """Why a period published for England has no figure for the region or the authority, where that is known."""
    sentences = []
    present = {(each.area, each.collection_year) for each in found}
    for each in found:
        for area in published.areas(report.collection.lea)[1:] if each.area.level == "England" else ():
            if (area, each.collection_year) not in present:
                place = (indicator.published_as or "", area.code, each.collection_year)
                of_area, _ = published.caveats(*place, report.published)
                sentences += [f"{area.name}, {each.period}: {note}" for note in of_area]
    return sentences


def _ended(report: Report, indicator: Indicator) -> str:
    """Why there is no newer figure, with England's figure under the new definition; empty if there is a newer one."""
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
    """The count for the whole return, as shown, per 10,000 residents aged 0 to 17.

    None if no such rate is published or the count is hidden.
    """
    if indicator.published_as not in published.RATED or report.collection.lea is None:
        return None
    year = published.residents_year(report.collection.lea, report.collection.year)
    count = selection.count(Figures(report).results[indicator.id].numerator)
    if year is None or isinstance(count, Hidden):
        return None
    return published.rate_per_10_000(count, report.collection.lea, year)


def members(report: Report, selection: Selection, indicator_id: str, part: MemberPart) -> pa.Table:
    """The rows of `Figures.people` with the column `counted`: Yes if the member is in the numerator, otherwise No."""
    found = Figures(report, selection).people(indicator_id, part)
    return found.append_column("counted", pc.if_else(found["in_numerator"], "Yes", "No"))
